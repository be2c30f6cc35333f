// SPDX-License-Identifier: GPL-3.0-or-later
// How published shapes of data become items. The rows are small ones of the published shape.
#include "data/csv.h"
#include "data/dialogue.h"
#include "data/jsonl.h"
#include "data/template.h"

#include "support/suite.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <set>

using namespace gradus;
using namespace gradus::data;

namespace {

using Renamed = std::vector<std::pair<std::string, std::string>>;

Result<RawItems> itemsOf(const std::string& name, const Table& table, const Renamed& renamed = {})
{
    const auto form = templateOf(name);
    if (!form) return form.error();
    const auto cells = roleCells(*form, table, renamed);
    if (!cells) return cells.error();
    return form->items(table, *cells);
}

Result<RawItems> rows(const std::string& name, const std::string& jsonl, const Renamed& renamed = {})
{
    const auto table = parseJsonl(jsonl, "t.jsonl");
    if (!table) return table.error();
    return itemsOf(name, *table, renamed);
}

const std::string& better(const RawItem& item)
{
    return item.texts[static_cast<std::size_t>(item.truth)];
}
const std::string& worse(const RawItem& item)
{
    return item.texts[static_cast<std::size_t>(1 - item.truth)];
}

bool mentions(const Result<RawItems>& result, const std::string& text)
{
    return !result.ok() && result.error().kind == ErrorKind::BadInput &&
           result.error().message.find(text) != std::string::npos;
}

const std::string kAsked = "\n\nHuman: Why?\n\nAssistant: ";

} // namespace

class TemplatesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answered_bringsEverySpellingToOneForm()
    {
        const std::string whole = kAsked + "Because.";
        const std::optional<std::string> prompt = "Why?";
        const std::string messages = R"([{"role":"user","content":"Why?"},{"role":"assistant","content":"Because."}])";
        QCOMPARE(answered(prompt, "Because."), whole);
        QCOMPARE(answered(prompt, messages), whole); // UltraFeedback, binarised
        QCOMPARE(answered(std::nullopt, messages), whole);
        QCOMPARE(answered(R"([{"from":"human","value":"Why?"}])", R"({"from":"gpt","value":"Because."})"), whole);
        QCOMPARE(answered(std::nullopt, whole), whole);                   // HH
        QCOMPARE(answered(std::string("\n\nHuman: Why?"), whole), whole); // HH with its prompt beside it
        QCOMPARE(answered(std::nullopt, "[not json"), std::string("[not json"));
        QCOMPARE(answered(std::nullopt, "[1, 2]"), std::string("[1, 2]"));
        QCOMPARE(answered(std::nullopt, R"({"role":"user"})"), std::string(R"({"role":"user"})"));
    }
    void aPromptThatBeganTheTurn_isNotGivenASecondOne()
    {
        QCOMPARE(answered(std::string("\n\nHuman: Why?\n\nAssistant:"), "Because."), kAsked + "Because.");
    }
    void preferences_takeMessagesAndLeaveTiesOut()
    {
        const auto read = rows(
            "preferences",
            R"({"prompt":"p","chosen":[{"role":"user","content":"p"},{"role":"assistant","content":"good"}],"rejected":[{"role":"user","content":"p"},{"role":"assistant","content":"bad"}],"score_chosen":8,"score_rejected":3}
{"prompt":"q","chosen":"x","rejected":"y","score_chosen":5,"score_rejected":5}
{"prompt":"r","chosen":"same","rejected":"same","score_chosen":5,"score_rejected":4}
)");
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->leftOut, 2U);
        QCOMPARE(read->items.size(), 1U);
        QCOMPARE(better(read->items[0]), std::string("\n\nHuman: p\n\nAssistant: good"));
        QCOMPARE(worse(read->items[0]), std::string("\n\nHuman: p\n\nAssistant: bad"));
        QCOMPARE(read->items[0].group, std::string("p"));
    }
    void preferences_readConversationsOfAnotherSpelling()
    {
        const auto read = rows(
            "preferences",
            R"({"conversations":[{"from":"human","value":"a"},{"from":"gpt","value":"b"},{"from":"human","value":"c"}],"chosen":{"from":"gpt","value":"yes"},"rejected":{"from":"gpt","value":"no"}}
)",
            {{"prompt", "conversations"}});
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QCOMPARE(better(read->items[0]), std::string("\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant: yes"));
    }
    void rewardBench_needsItsPrompt()
    {
        const std::string row =
            R"({"prompt":"Why?","chosen":"Because.","rejected":"No.","subset":"alpacaeval-easy","id":1}
)";
        const auto read = rows("rewardbench", row);
        QVERIFY(read.ok());
        QCOMPARE(better(read->items[0]), kAsked + "Because.");
        // A model's answer that looks like messages is text.
        const std::string looks = "[{\"role\":\"user\",\"content\":\"x\"}]";
        const auto text =
            rows("rewardbench", nlohmann::json{{"prompt", "p"}, {"chosen", looks}, {"rejected", "no"}}.dump());
        QVERIFY(text.ok());
        QCOMPARE(better(text->items[0]), "\n\nHuman: p\n\nAssistant: " + looks);
        QVERIFY(mentions(rows("rewardbench", R"({"chosen":"a","rejected":"b"})"), "no column \"prompt\""));
    }
    void ultraFeedback_setsTheBestOverALowerOne()
    {
        std::set<std::string> rejected;
        for (int i = 0; i < 60; ++i) {
            const auto read = rows(
                "ultrafeedback",
                R"({"instruction":"Do )" + std::to_string(i) +
                    R"(","completions":[{"response":"mid","overall_score":6.0},{"response":"top","overall_score":"9"},{"response":"low","overall_score":2.5},{"response":"also top","overall_score":9.0}]}
)");
            QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
            QVERIFY(better(read->items[0]).ends_with("Assistant: top"));
            rejected.insert(worse(read->items[0]).substr(worse(read->items[0]).rfind(' ') + 1));
        }
        QCOMPARE(rejected, (std::set<std::string>{"mid", "low"})); // never the equal one, and not always the lowest
    }
    void ultraFeedback_leavesOutWhatIsAllOfOneScoreAndNamesWhatIsBroken()
    {
        const auto equal = rows(
            "ultrafeedback",
            R"({"instruction":"x","completions":[{"response":"a","overall_score":5},{"response":"b","overall_score":5}]}
)");
        QVERIFY(equal.ok());
        QCOMPARE(equal->leftOut, 1U);
        QVERIFY(mentions(rows("ultrafeedback", R"({"instruction":"x","completions":[{"response":"a"}]})"),
                         "t.jsonl line 1: completion 1 has no score"));
        QVERIFY(mentions(rows("ultrafeedback", R"({"instruction":"x","completions":"none"})"), "is no list"));
        QVERIFY(mentions(rows("ultrafeedback", R"({"instruction":"x","completions":[3]})"), "has no response"));
        QVERIFY(mentions(
            rows("ultrafeedback", R"({"instruction":"x","completions":[{"response":"a","overall_score":"N/A"}]})"),
            "has no score"));
    }
    void ultraFeedback_distrustsATenBesideLowRatings()
    {
        // The published file's fault: a critique that gave 1 stands as 10, and its answer would be the best.
        const std::string line =
            R"({"instruction":"Do it","completions":[)"
            R"({"response":"poor","overall_score":10.0,"fine-grained_score":1.25,"annotations":)"
            R"({"helpfulness":{"Rating":"1"},"honesty":{"Rating":"2"},"truth":{"Rating":"N/A"}}},)"
            R"({"response":"good","overall_score":8.5,"annotations":{"helpfulness":{"Rating":"4"}}},)"
            R"({"response":"great","overall_score":10,"annotations":{"helpfulness":{"Rating":"3"}}},)"
            R"({"response":"so-so","overall_score":"6","fine-grained_score":4.5}]})"
            "\n";
        const auto read = rows("ultrafeedback", line);
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->distrusted, 1U);
        QVERIFY(better(read->items[0]).ends_with("Assistant: great"));
        QVERIFY(!worse(read->items[0]).ends_with("poor"));
        const std::string note = distrustNote(templateOf("ultrafeedback").value(), *read);
        QVERIFY2(note.starts_with("1 answer left out because their overall score is 10"), note.c_str());

        const auto aspects = rows("ultrafeedback-aspects", line);
        QVERIFY2(aspects.ok(), aspects ? "" : aspects.error().message.c_str());
        QCOMPARE(aspects->distrusted, 0U);
        QVERIFY(better(aspects->items[0]).ends_with("Assistant: so-so"));
        QVERIFY(distrustNote(templateOf("ultrafeedback-aspects").value(), *aspects).empty());
        QVERIFY(mentions(
            rows("ultrafeedback-aspects", R"({"instruction":"x","completions":[{"response":"a","overall_score":5}]})"),
            "fine-grained_score"));
        // All but one distrusted: no pair is left.
        const auto none = rows(
            "ultrafeedback",
            R"({"instruction":"x","completions":[{"response":"a","overall_score":10,"fine-grained_score":1},{"response":"b","overall_score":5}]})"
            "\n");
        QVERIFY(none.ok());
        QCOMPARE(none->leftOut, 1U);
        QCOMPARE(none->distrusted, 1U);
        const auto empty = rows("ultrafeedback", R"({"instruction":"x","completions":[]})"
                                                 "\n");
        QVERIFY(empty.ok());
        QCOMPARE(empty->leftOut, 1U);
    }
    void judgedPairs_followTheLabelAndCountTies()
    {
        const auto read = rows("judged-pairs", R"({"input":"q1","output_1":"one","output_2":"two","label":1}
{"input":"q2","output_1":"one","output_2":"two","label":2}
{"input":"q3","output_1":"one","output_2":"two","label":0}
{"input":"q4","output_1":"one","output_2":"two","label":"model_b"}
{"input":"q5","output_1":"one","output_2":"one","label":1}
{"input":"q6","output_1":"one","output_2":"two","label":null}
)");
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->leftOut, 3U);
        QCOMPARE(read->items.size(), 3U);
        QVERIFY(better(read->items[0]).ends_with("one"));
        QVERIFY(better(read->items[1]).ends_with("two"));
        QVERIFY(better(read->items[2]).ends_with("two"));
        QVERIFY(mentions(rows("judged-pairs", R"({"input":"q","output_1":"a","output_2":"b","label":7})"),
                         "\"label\" is \"7\""));
    }
    void gsm8kSolutions_areRightByTheirLastNumber()
    {
        const auto read = rows(
            "gsm8k-solutions",
            R"({"question":"How many?","answer":"1+1 = <<1+1=2>>2\n#### 2","a":{"solution":"It is 2."},"b":{"solution":"A: 3"},"c":null}
)",
            {{"solution", "a.solution, b.solution,c"}});
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->items.size(), 2U);
        QCOMPARE(read->leftOut, 1U);
        QCOMPARE(read->items[0].truth, 1);
        QCOMPARE(read->items[1].truth, 0);
        QCOMPARE(read->items[0].group, read->items[1].group);
        QVERIFY(
            mentions(rows("gsm8k-solutions", R"({"question":"q","answer":"two","solution":"2"})"), "holds no number"));
        QVERIFY(mentions(rows("gsm8k-solutions", R"({"question":"q","answer":"2","solution":"2"})",
                              {{"solution", "solution, other"}}),
                         "no column \"other\""));
    }
    void cosmosqaChoices_holdEveryAnswerOnce()
    {
        const auto table =
            parseCsv("context,question,answer0,answer1,answer2,answer3,label\nStory,Why ?,a,b,c,d,2\n", "q.csv");
        const auto read = itemsOf("cosmosqa-choices", *table);
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->items[0].texts.size(), 4U);
        QCOMPARE(read->items[0].truth, 2);
        QCOMPARE(read->items[0].texts[2], std::string("Context: Story\nQuestion: Why ?\nAnswer: c"));
        QCOMPARE(templateOf("cosmosqa-choices")->classes, 4);
    }
    void labelledTexts_readYesAndNo()
    {
        const auto read = rows("labelled-texts", R"({"text":"a","label":true}
{"text":"b","label":"no"}
{"text":"c","label":1,"prompt":"q"}
)");
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->items[0].truth, 1);
        QCOMPARE(read->items[1].truth, 0);
        QCOMPARE(read->items[2].texts[0], std::string("\n\nHuman: q\n\nAssistant: c"));
        QVERIFY(mentions(rows("labelled-texts", R"({"text":"a","label":"maybe"})"), "\"label\" is \"maybe\""));
    }
    void unknownNames_areRefusedWithTheNearest()
    {
        QVERIFY(mentions(rows("preference", "{\"a\":1}"), "did you mean \"preferences\"?"));
        QVERIFY(mentions(rows("zzz", "{\"a\":1}"), "gsm8k-solutions"));
        QVERIFY(
            mentions(rows("judged-pairs", "{\"a\":1}", {{"better", "a"}}), "it uses input, output_1, output_2, label"));
    }
    void everyTemplate_saysWhatItIsAndHasANameOfItsOwn()
    {
        std::set<std::string> names;
        for (const Template& form : templates()) {
            QVERIFY(!form.about.empty() && form.items);
            QVERIFY(names.insert(form.name).second);
        }
    }
};
GRADUS_SUITE(TemplatesTest)
#include "templates_test.moc"
