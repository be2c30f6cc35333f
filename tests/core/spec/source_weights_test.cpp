// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "spec/source_weights.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::spec;
using schedule::Curve;

namespace {

const std::string kTables = "[signals]\n"
                            "anchors = 50 # few\n"
                            "[[signals.source]]\n"
                            "name = \"past\" # the predecessor\n"
                            "kind = \"model\"\n"
                            "[[signals.source]]\n"
                            "name = \"truth\"\n"
                            "kind = \"truth\"\n"
                            "weight = 0.5 # half\n";
const Curve kRise{{{.x = 0, .y = 0.25, .interpolation = schedule::Interpolation::Linear},
                   {.x = 1, .y = 0.75, .interpolation = schedule::Interpolation::Linear}}};

} // namespace

class SourceWeightsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tables_keepCommentsAndOrder()
    {
        const auto text = withSourceWeights(kTables, 0, {kRise, Curve{{{.x = 0, .y = 1}}}});
        QVERIFY2(text, text ? "" : text.error().message.c_str());
        QVERIFY(text->starts_with("[signals]\nanchors = 50 # few\n[[signals.source]]\nname = \"past\" # the "
                                  "predecessor\nweight = { keys = [[0.0, 0.25], [1.0, 0.75]], interpolation = "
                                  "\"linear\" }\nkind = \"model\"\n"));
        QVERIFY(text->ends_with("kind = \"truth\"\nweight = 1.0 # half\n"));
        const auto parsed = parseExperiment(*text, "test");
        QVERIFY(parsed);
        QVERIFY(parsed->signals.sources[0].weight == kRise);
    }
    void addedSources_areAcceptedAndRemovedToTheSameBytes()
    {
        const std::string inlined =
            "[signals]\nsource = [{ name = \"past\" }, { name = \"truth\", kind = \"truth\" }] # two\n";
        const std::string bare = "# nothing yet\n[experiment]\nname = \"x\"";
        std::string windows = kTables;
        for (std::size_t at = 0; (at = windows.find('\n', at)) != std::string::npos; at += 2)
            windows.insert(at, 1, '\r');
        for (const std::string& before : {kTables, inlined, bare, bare + "\n[ladder]\ngenerations = 3\n", windows,
                                          kTables + "\n# about training\n[training]\nlabels = 200\n"}) {
            const auto lists = sourceLists(before);
            QVERIFY(lists);
            const std::size_t count = lists->empty() ? 0 : lists->at(0).sources.size();
            std::string text = before;
            for (const char* kind : {"model", "ensemble", "persona", "truth", "synthetic", "model"}) {
                const auto next = withSource(text, 0, kind);
                QVERIFY2(next, next ? "" : next.error().message.c_str());
                text = *next;
                const auto parsed = parseExperiment(text, "test");
                QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
                QCOMPARE(parsed->signals.sources.back().kind, std::string(kind));
            }
            QVERIFY(text.starts_with(before.substr(0, before.find('\n'))));
            for (int i = 0; i < 6; ++i) {
                const auto next = withoutSource(text, 0, count + 5 - static_cast<std::size_t>(i));
                QVERIFY2(next, next ? "" : next.error().message.c_str());
                text = *next;
            }
            if (!before.empty() && before.back() == '\n') QCOMPARE(text, before);
        }
    }
    void sourceInTheMiddle_isRemovedAlone()
    {
        const auto text = withoutSource(kTables, 0, 0);
        QVERIFY(text);
        QCOMPARE(*text, std::string("[signals]\nanchors = 50 # few\n[[signals.source]]\nname = \"truth\"\nkind = "
                                    "\"truth\"\nweight = 0.5 # half\n"));
        const auto inlined = withoutSource("[signals]\nsource = [{ name = \"a\" }, { name = \"b\" }]\n", 0, 0);
        QVERIFY(inlined);
        QCOMPARE(*inlined, std::string("[signals]\nsource = [{ name = \"b\" }]\n"));
        QVERIFY(!withoutSource(kTables, 0, 2));
        QVERIFY(!withoutSource(kTables, 1, 0));
        QVERIFY(!withSource(kTables, 3, "model"));
        QVERIFY(!withSource(kTables, 0, "oracle"));
        const auto section = withoutSource("[[signals.source]]\nname = \"a\"\n[signals.source.weight]\nkeys = [[0.0, "
                                           "1.0]]\n",
                                           0, 0);
        QVERIFY(!section);
    }
    void sourceBehindASectionOfItsOwn_keepsThatSection()
    {
        const std::string text = "[[signals.source]]\nname = \"a\"\n[signals.source.weight]\nkeys = [[0.0, 1.0], [1.0, "
                                 "0.2]]\n";
        const auto before = sourceLists(text);
        QVERIFY(before);
        const auto more = withSource(text, 0, "truth");
        QVERIFY2(more, more ? "" : more.error().message.c_str());
        const auto after = sourceLists(*more);
        QVERIFY(after);
        QCOMPARE(after->at(0).sources.size(), std::size_t{2});
        QVERIFY(after->at(0).sources[0].weight == before->at(0).sources[0].weight);
    }
    void lastSource_isRemovedAndAnotherAdded()
    {
        const auto none = withoutSource("[signals]\nsource = [{ name = \"a\" }]\n", 0, 0);
        QVERIFY(none);
        const auto again = withSource(*none, 0, "truth");
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QCOMPARE(*again, std::string("[signals]\nsource = [{ name = \"truth\", kind = \"truth\" }]\n"));
        // Another list behind it is not taken for this one.
        const std::string two = "[signals]\nsource = [{ name = \"a\" }]\n[[sweep.condition]]\nname = \"c\"\n"
                                "\"signals.source\" = [{ name = \"b\" }, { name = \"d\" }]\n";
        const auto left = withoutSource(two, 0, 0);
        QVERIFY2(left, left ? "" : left.error().message.c_str());
        QCOMPARE(sourceLists(*left)->size(), std::size_t{1});
    }
    void sourcesOfACondition_areAddedThere()
    {
        const auto file = readFile(tests::sourceDir() / "resources/experiments/several-sources.toml", 1 << 20);
        QVERIFY(file);
        const auto before = sourceLists(*file);
        const auto text = withSource(*file, 1, "truth");
        QVERIFY2(text, text ? "" : text.error().message.c_str());
        const auto after = sourceLists(*text);
        QVERIFY(after);
        QCOMPARE(after->at(1).sources.size(), before->at(1).sources.size() + 1);
        QCOMPARE(after->at(2).sources.size(), before->at(2).sources.size());
        const auto back = withoutSource(*text, 1, before->at(1).sources.size());
        QVERIFY2(back, back ? "" : back.error().message.c_str());
        QCOMPARE(*back, *file);
    }
    void sameWeights_changeNoByte()
    {
        const auto text = withSourceWeights(kTables, 0, {Curve{{{.x = 0, .y = 1}}}, Curve{{{.x = 0, .y = 0.5}}}});
        QVERIFY(text);
        QVERIFY(*text == kTables);
    }
    void conditionsOfASweep_haveListsOfTheirOwn()
    {
        const auto file = readFile(tests::sourceDir() / "resources/experiments/several-sources.toml", 1 << 20);
        QVERIFY(file);
        const auto lists = sourceLists(*file);
        QVERIFY(lists);
        QCOMPARE(lists->size(), std::size_t{4});
        QCOMPARE(lists->at(1).condition, std::string("dawid-skene"));
        std::vector<Curve> weights(7, Curve{{{.x = 0, .y = 1}}});
        weights[4] = kRise;
        const auto text = withSourceWeights(*file, 1, weights);
        QVERIFY2(text, text ? "" : text.error().message.c_str());
        const auto after = sourceLists(*text);
        QVERIFY(after);
        QVERIFY(after->at(1).sources[4].weight == kRise);
        QVERIFY(after->at(0).sources == lists->at(0).sources);
        QVERIFY(after->at(2).sources == lists->at(2).sources);
        QVERIFY(parseExperiment(*text, "test"));
    }
    void aName_isReplacedInItsTableAndWhereAnotherSourceIsLikeIt()
    {
        const std::string text = "[[signals.source]] # mine\nname = \"synth\"\nkind = \"synthetic\"\n"
                                 "noise = \"teacher-lowest\"\nlike = \"past\" # its doubts\nrate = 0.2\n"
                                 "[[signals.source]]\nname = \"past\" # first\nkind = \"model\"\n";
        const auto before = sourceLists(text);
        QVERIFY2(before, before ? "" : before.error().message.c_str());
        const auto renamed = withSourceName(text, 0, 1, "elder \"A\"");
        QVERIFY2(renamed, renamed ? "" : renamed.error().message.c_str());
        const auto after = sourceLists(*renamed);
        QVERIFY(after);
        QCOMPARE(after->at(0).sources[1].name, std::string("elder \"A\""));
        QCOMPARE(after->at(0).sources[0].like, std::string("elder \"A\""));
        QVERIFY(renamed->find("# its doubts") != std::string::npos && renamed->find("# first") != std::string::npos);
        const auto back = withSourceName(*renamed, 0, 1, "past");
        QVERIFY(back && *back == text);
        QVERIFY(!withSourceName(text, 0, 1, "synth"));
        QVERIFY(!withSourceName(text, 0, 1, ""));
        QVERIFY(!withSourceName(text, 0, 2, "x"));
        QVERIFY(!withSourceName(text, 1, 0, "x"));
    }
    void whatDoesNotFit_isRefused()
    {
        QVERIFY(!withSourceWeights(kTables, 0, {kRise}));
        QVERIFY(!withSourceWeights(kTables, 1, {kRise, kRise}));
        QVERIFY(!withSourceWeights(kTables, 0, {kRise, Curve{{{.x = 0, .y = 1.5}}}}));
        QVERIFY(!withSourceWeights("[signals", 0, {}));
    }
};
GRADUS_SUITE(SourceWeightsTest)
#include "source_weights_test.moc"
