// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/keys.h"
#include "spec/templates.h"

#include "base/rng.h"
#include "base/text.h"

#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::spec;

namespace {

std::string edited(const std::string& toml, const std::string& key, const std::string& value)
{
    const auto result = editToml(toml, key, value);
    return result ? *result : "refused: " + result.error().message;
}

std::string overridden(const std::string& toml, const std::string& assignment)
{
    const auto result = withOverride(toml, assignment);
    return result ? *result : "refused: " + result.error().message;
}

/// A valid value of the key that differs from its default.
std::string otherValue(const KeyInfo& key, Rng& rng)
{
    Experiment any;
    const Field field = key.field(any);
    if (std::holds_alternative<std::string*>(field))
        return key.choices.empty() ? "\"né " + std::to_string(rng.below(100)) + "\"" : "\"" + key.choices.back() + "\"";
    if (std::holds_alternative<int*>(field))
        return std::to_string(static_cast<int>(key.least) + 1 + static_cast<int>(rng.below(9)));
    if (std::holds_alternative<double*>(field))
        return numberText(key.least + (key.most - key.least) * (0.1 + 0.5 * rng.uniform()));
    if (std::holds_alternative<std::vector<std::int64_t>*>(field)) return "[7, 8]";
    if (std::holds_alternative<schedule::Curve*>(field))
        return "{ keys = [[0.0, " + numberText(0.1 + rng.uniform()) + "]], interpolation = \"linear\" }";
    if (std::holds_alternative<std::vector<Rung>*>(field)) return "[[8, 1], [16, 1]]";
    return "{ chosen = \"better\" }";
}

} // namespace

class EditTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void value_isReplacedAndEveryOtherByteKept()
    {
        QCOMPARE(edited("# é\n[gap] # h\n  value =  0.5   # why\nx='é'", "gap.value", "0.75"),
                 std::string("# é\n[gap] # h\n  value =  0.75   # why\nx='é'"));
    }
    void multiLineValue_isReplacedWhole()
    {
        QCOMPARE(edited("[gap]\ncurve = { keys = [\n [0, 1], # first\n [1, 2]\n ] } # end\nvalue = 1\n", "gap.curve",
                        "{ keys = [[0.0, 3.0]] }"),
                 std::string("[gap]\ncurve = { keys = [[0.0, 3.0]] } # end\nvalue = 1\n"));
        QCOMPARE(edited("[experiment]\nname = \"\"\"\na\nb\"\"\"\nseeds = [1]", "experiment.name", "\"c\""),
                 std::string("[experiment]\nname = \"c\"\nseeds = [1]"));
    }
    void absentKey_isAddedAtTheEndOfItsSection()
    {
        QCOMPARE(
            edited("[gap]\nvalue = 1 # v\n\n# about training\n[training]\nepochs = 2\n", "gap.controller", "\"fixed\""),
            std::string("[gap]\nvalue = 1 # v\ncontroller = \"fixed\"\n\n# about training\n[training]\nepochs = 2\n"));
        QCOMPARE(edited("[gap]", "gap.value", "1"), std::string("[gap]\nvalue = 1\n"));
        QCOMPARE(edited("[task]\nname = \"cosmosqa\"\n[task.columns]\na = \"b\"\n", "task.test_items", "3"),
                 std::string("[task]\nname = \"cosmosqa\"\ntest_items = 3\n[task.columns]\na = \"b\"\n"));
    }
    void absentSection_isAddedAtTheEnd()
    {
        QCOMPARE(edited("", "gap.value", "1"), std::string("[gap]\nvalue = 1\n"));
        QCOMPARE(edited("[ladder]\nstart = 1", "gap.value", "1"),
                 std::string("[ladder]\nstart = 1\n\n[gap]\nvalue = 1\n"));
        QCOMPARE(edited("[task.columns]\na = \"b\"\n", "task.test_items", "3"),
                 std::string("[task.columns]\na = \"b\"\n\n[task]\ntest_items = 3\n"));
    }
    void otherSpellingsOfASection_areEdited()
    {
        QCOMPARE(edited("gap = { value = 1 }", "gap.controller", "\"fixed\""),
                 std::string("gap = { value = 1, controller = \"fixed\" }"));
        QCOMPARE(edited("gap = {}", "gap.value", "2"), std::string("gap = { value = 2 }"));
        QCOMPARE(edited("gap.value = 1\n[training]\n", "gap.controller", "\"fixed\""),
                 std::string("gap.value = 1\ngap.controller = \"fixed\"\n[training]\n"));
        QCOMPARE(edited("[ \"gap\" ]\r\nvalue = 1\r\n", "gap.controller", "\"fixed\""),
                 std::string("[ \"gap\" ]\r\nvalue = 1\r\ncontroller = \"fixed\"\r\n"));
        QCOMPARE(edited("\xEF\xBB\xBF[gap]\nvalue = 1", "gap.value", "2"), std::string("\xEF\xBB\xBF[gap]\nvalue = 2"));
    }
    void sweepAxes_areEditedInBothSpellings()
    {
        QCOMPARE(edited("[sweep]\ngap.value = [1]\n", "sweep.gap.value", "[2]"),
                 std::string("[sweep]\ngap.value = [2]\n"));
        QCOMPARE(edited("[sweep]\n\"gap.value\" = [1]\n", "sweep.gap.value", "[2]"),
                 std::string("[sweep]\n\"gap.value\" = [2]\n"));
        QCOMPARE(edited("[gap]\n", "sweep.gap.value", "[2]"), std::string("[gap]\n\n[sweep]\n\"gap.value\" = [2]\n"));
    }
    void badEdits_areRefused()
    {
        QVERIFY(edited("[gap]", "gap.valeu", "1").find("nearest known key is \"gap.value\"") != std::string::npos);
        QVERIFY(edited("[gap]", "gap.value", "1\nname = 2").starts_with("refused"));
        QVERIFY(edited("[gap]", "gap.value", "").starts_with("refused"));
        QVERIFY(edited("[gap]", "gap.value", "1 # comment").starts_with("refused"));
        QVERIFY(edited("[gap", "gap.value", "1").starts_with("refused: line 1"));
        QVERIFY(edited("[gap.curve]\nkeys = [[0, 1]]", "gap.curve", "{ keys = [[0, 2]] }").find("of its own") !=
                std::string::npos);
        QVERIFY(edited("gap = 3", "gap.value", "1").starts_with("refused"));
    }
    void overrides_takeBareWordsAsText()
    {
        QCOMPARE(overridden("[gap]\n", "gap.controller=fixed"), std::string("[gap]\ncontroller = \"fixed\"\n"));
        QCOMPARE(overridden("[gap]\n", "gap.value = 0.5"), std::string("[gap]\nvalue = 0.5\n"));
        QCOMPARE(overridden("[task]\n", "task.teacher_data=/a/b \"c\".jsonl"),
                 std::string("[task]\nteacher_data = \"/a/b \\\"c\\\".jsonl\"\n"));
        QCOMPARE(overridden("[experiment]\n", "experiment.name=12"), std::string("[experiment]\nname = \"12\"\n"));
        QCOMPARE(overridden("[ladder]\n", "ladder.family=scratch"), std::string("[ladder]\nfamily = \"scratch\"\n"));
        QCOMPARE(overridden("[ladder]\n", "ladder.family=[\"a\", \"b\"]"),
                 std::string("[ladder]\nfamily = [\"a\", \"b\"]\n"));
        QVERIFY(overridden("[gap]", "gap.value").starts_with("refused"));
        QVERIFY(overridden("[gap]", "gap.value=").starts_with("refused"));
        QVERIFY(overridden("[sweep]\ngap.value = [1]", "gap.value=2").find("would win") != std::string::npos);
        // No axis could be set instead: it would be set twice.
        const std::string told = overridden("[[sweep.condition]]\nname=\"a\"\ngap.value = 1", "gap.value=2");
        QVERIFY2(told.find("set by a [[sweep.condition]] of the file, which would win") != std::string::npos &&
                     told.find("override") == std::string::npos,
                 told.c_str());
    }
    void curveText_readsBackToTheSameCurve()
    {
        Rng rng(tests::propertySeed(), "curve text");
        for (int i = 0; i < 500; ++i) {
            Experiment experiment;
            experiment.gap.curve.keys.clear();
            for (int k = 0; k < 5; ++k) {
                schedule::Key key{.x = (k + rng.uniform() * 0.5) / 5, .y = 1 + rng.uniform()};
                key.interpolation = static_cast<schedule::Interpolation>(rng.below(4));
                if (rng.below(2) == 0) key.right = {rng.uniform() * 0.1, rng.normal() * 0.01};
                if (rng.below(2) == 0) key.left = {-rng.uniform() * 0.1, rng.normal() * 0.01};
                experiment.gap.curve.keys.push_back(key);
            }
            const auto back = parseExperiment("[gap]\ncurve = " + curveToml(experiment.gap.curve), "f");
            QVERIFY2(back.ok(), back.ok() ? "" : back.error().message.c_str());
            QVERIFY(back->gap.curve == experiment.gap.curve);
        }
        QCOMPARE(curveToml(Experiment{}.gap.curve),
                 std::string("{ keys = [[0.0, 0.3], [1.0, 0.9]], interpolation = \"monotone\" }"));
    }
    void randomEdits_giveTheNewValueAndKeepTheRest()
    {
        Rng rng(tests::propertySeed(), "edits");
        for (int i = 0; i < 400; ++i) {
            std::string toml(templates()[rng.below(3)].text);
            if (rng.below(3) == 0)
                for (std::size_t at = 0; (at = toml.find('\n', at)) != std::string::npos; at += 2)
                    toml.insert(at, "\r");
            for (int step = 0; step < 4; ++step) {
                const KeyInfo& key = knownKeys()[rng.below(knownKeys().size())];
                const std::string value = otherValue(key, rng);
                const auto result = editToml(toml, key.dotted(), value);
                QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
                // The common start and end of both texts leave only the value, or one added line, between them.
                std::size_t start = 0;
                while (start < toml.size() && start < result->size() && toml[start] == (*result)[start])
                    ++start;
                std::size_t end = 0;
                while (end < toml.size() - start && end < result->size() - start &&
                       toml[toml.size() - 1 - end] == (*result)[result->size() - 1 - end])
                    ++end;
                const std::string removed = toml.substr(start, toml.size() - start - end);
                const std::string added = result->substr(start, result->size() - start - end);
                QVERIFY2(removed.find("\n[") == std::string::npos && removed.find('#') == std::string::npos,
                         removed.c_str());
                QVERIFY2(added.size() <= value.size() + key.dotted().size() + 12, added.c_str());
                QVERIFY(result->find(value) != std::string::npos);
                // Set again to the same value it is the same text.
                QCOMPARE(editToml(*result, key.dotted(), value).value(), *result);
                toml = *result;
            }
        }
    }
};
GRADUS_SUITE(EditTest)
#include "edit_test.moc"
