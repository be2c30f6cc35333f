// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "spec/source_weights.h"
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
    void sameWeights_changeNoByte()
    {
        const auto text = withSourceWeights(kTables, 0, {Curve{{{.x = 0, .y = 1}}}, Curve{{{.x = 0, .y = 0.5}}}});
        QVERIFY(text);
        QVERIFY(*text == kTables);
    }
    void conditionsOfASweep_haveListsOfTheirOwn()
    {
        const auto file = readFile(GRADUS_SOURCE_DIR "/resources/experiments/several-sources.toml", 1 << 20);
        QVERIFY(file);
        const auto lists = sourceLists(*file);
        QVERIFY(lists);
        QCOMPARE(lists->size(), std::size_t{3});
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
