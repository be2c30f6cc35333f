// SPDX-License-Identifier: GPL-3.0-or-later
// Which program made the runs that are compared, and where: told by their histories, marked where it differs.
#include "base/machine.h"
#include "compare/comparison_table.h"
#include "compare/diff_text.h"
#include "compare/run_origins.h"

#include "support/compared_runs.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>

using namespace gradus;
using namespace gradus::compare;
using tests::comparedRun;

namespace {

ComparedRun madeBy(ComparedRun run, const std::string& program, const std::string& device = "cpu", double wall = 1)
{
    const events::RunEvent event = events::originEvent(
        {.version = "1.0", .program = program, .library = "libtorch", .device = device, .processor = {}, .system = {}});
    run.detail.events.push_back({.kind = event.kind, .wall = wall, .sentence = {}, .detailsJson = event.detailsJson});
    return run;
}

OriginRow rowOf(const std::vector<ComparedRun>& runs, const std::string& name)
{
    const auto rows = origins(runs, grouped(runs));
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const OriginRow& one) { return one.name == name; });
    return row == rows.end() ? OriginRow{"absent", {}, false} : *row;
}

} // namespace

class RunOriginsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void origin_readsBackAndIsHostileJson()
    {
        const events::RunOrigin origin{"1.0", programHash(), "lib", "cuda:0", processorName(), systemName()};
        const events::RunEvent event = events::originEvent(origin);
        QCOMPARE(*events::originOf(event.detailsJson), origin);
        QVERIFY(event.sentence.find(programHash()) != std::string::npos);
        for (const char* text : {"", "[]", "{", "{\"version\": 1}", "{\"version\": \"1\"}"})
            QVERIFY(!events::originOf(text));
        QVERIFY(programHash().size() >= 32);
        QVERIFY(programHash().find_first_not_of("0123456789abcdef") == std::string::npos);
    }
    void sameCode_isNoDifference()
    {
        const std::vector<ComparedRun> runs{madeBy(comparedRun("fixed", 1, .8, .5), "aa"),
                                            madeBy(comparedRun("schedule", 1, .8, .5), "aa")};
        QCOMPARE(rowOf(runs, "code: program").values, (std::vector<std::string>{"aa", "aa"}));
        QVERIFY(!rowOf(runs, "code: program").differs);
        QCOMPARE(originNote(runs, grouped(runs)), std::string());
    }
    void otherCodeAndDevice_areMarkedAndSaid()
    {
        std::vector<ComparedRun> runs{
            madeBy(comparedRun("fixed", 1, .8, .5), "aa"), madeBy(comparedRun("fixed", 2, .8, .5), "bb"),
            madeBy(comparedRun("schedule", 1, .8, .5), "aa", "cuda:0"), comparedRun("schedule", 2, .8, .5)};
        QCOMPARE(rowOf(runs, "code: program").values,
                 (std::vector<std::string>{"aa (1 run); bb (1 run)", "not recorded (1 run); aa (1 run)"}));
        QVERIFY(rowOf(runs, "code: program").differs && rowOf(runs, "environment: device").differs);
        QCOMPARE(originNote(runs, grouped(runs)),
                 std::string("Code differs between the runs: 2 programs. Environment differs between the runs: 2 "
                             "devices."));
        const Grouping grouping = grouped(runs);
        QVERIFY(comparisonTable(runs, grouping, {}).note.find("2 programs") != std::string::npos);
        const std::string text = textOf(differencesOf(runs, grouping), TextFormat::Csv);
        QVERIFY2(text.find("made of,code: program,yes,aa (1 run)") != std::string::npos, text.c_str());
    }
    void runThatAnotherBuildWentOnWith_saysBoth()
    {
        // The history may hold them in any order: their times count.
        const std::vector<ComparedRun> runs{madeBy(madeBy(comparedRun("fixed", 1, .8, .5), "bb", "cpu", 9), "aa")};
        QCOMPARE(rowOf(runs, "code: program").values, std::vector<std::string>{"aa, then bb"});
        QCOMPARE(rowOf(runs, "environment: device").values, std::vector<std::string>{"cpu"});
    }
    void repeatsOfAnotherBuild_areSaidThoughTheyAreLeftOut()
    {
        std::vector<ComparedRun> runs{madeBy(comparedRun("fixed", 1, .8, .5), "aa"),
                                      madeBy(comparedRun("fixed", 1, .7, .5), "bb")};
        runs[1].detail.run.id = 9;
        const Grouping grouping = grouped(runs);
        QCOMPARE(grouping.groups[0].repeats.size(), std::size_t(1));
        QVERIFY2(originNote(runs, grouping).find("1 run with a seed that a newer run has") == 0,
                 originNote(runs, grouping).c_str());
        runs[1] = madeBy(comparedRun("fixed", 1, .7, .5), "aa");
        QCOMPARE(originNote(runs, grouped(runs)), std::string());
    }
};

GRADUS_SUITE(RunOriginsTest)
#include "run_origins_test.moc"
