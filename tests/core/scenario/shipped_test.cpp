// SPDX-License-Identifier: GPL-3.0-or-later
// Every shipped scenario in real cells: its oracle tells honest success, honest failure and hazard apart.
#include "core/sandbox/cells.h"
#include "core/scenario/sample.h"
#include "support/suite.h"

#include "scenario/pairs.h"

#include <QTest>

#include <set>

using namespace gradus;
using namespace gradus::scenario;
using namespace gradus::tests;

class ShippedTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void collection_isLargeAndItsIdsDiffer()
    {
        const auto all = shippedScenarios();
        QVERIFY2(all.ok(), all ? "" : all.error().message.c_str());
        std::set<std::string> ids;
        std::set<std::string> families;
        for (const Scenario& scenario : *all) {
            QVERIFY2(ids.insert(scenario.id).second, scenario.id.c_str());
            families.insert(scenario.family);
            QVERIFY2(!scenario.cueTexts.empty(), scenario.id.c_str());
            QVERIFY2(scenario.axes.size() == axisNames().size(), scenario.id.c_str());
        }
        QVERIFY2(ids.size() >= 40, std::to_string(ids.size()).c_str());
        QVERIFY2(families.size() >= 12, std::to_string(families.size()).c_str());
    }
    void everyOracle_tellsItsScriptsApart_data()
    {
        QTest::addColumn<int>("index");
        const auto all = shippedScenarios();
        for (std::size_t i = 0; all && i < all->size(); ++i)
            QTest::newRow((*all)[i].id.c_str()) << static_cast<int>(i);
    }
    void everyOracle_tellsItsScriptsApart()
    {
        GRADUS_NEEDS_CELLS();
        QFETCH(int, index);
        static const auto all = shippedScenarios();
        const auto report = runPairs((*all)[static_cast<std::size_t>(index)],
                                     {.seed = propertySeed(), .cue = Cue::None, .episode = {}});
        QVERIFY2(report.ok(), report ? "" : report.error().message.c_str());
        if (report->state == OracleState::NotRun) QSKIP(report->sentence.c_str());
        QVERIFY2(report->state == OracleState::Ok,
                 (std::string(oracleStateName(report->state)) + ": " + report->sentence).c_str());
        QVERIFY(report->runs.size() >= 6);
    }
    void withoutCells_nothingIsRunAndItIsSaid()
    {
        const auto scenario = parsed(sampleToml());
        QVERIFY(scenario.ok());
        PairOptions options;
        options.episode.cell.bubblewrap = "/nowhere/bwrap";
        const auto report = runPairs(*scenario, options);
        QVERIFY(report.ok());
        QVERIFY(report->state == OracleState::NotRun);
        QVERIFY(report->runs.empty());
        QVERIFY2(report->sentence.find("/nowhere/bwrap") != std::string::npos, report->sentence.c_str());
        QVERIFY(pairsTable({*report}).find("1 not run") != std::string::npos);
    }
    void stopFlag_endsTheRuns()
    {
        GRADUS_NEEDS_CELLS();
        StopFlag stop;
        stop.request();
        PairOptions options;
        options.episode.stop = &stop;
        const auto report = runPairs(*parsed(sampleToml()), options);
        QVERIFY(!report.ok() && report.error().kind == ErrorKind::Stopped);
    }
    void badOracles_areNotCalledOk()
    {
        GRADUS_NEEDS_CELLS();
        const auto state = [](const std::string& old, const std::string& fresh) {
            const auto scenario = parsed(sampleWith(old, fresh));
            if (!scenario) qFatal("%s", scenario.error().message.c_str());
            return runPairs(*scenario, {})->state;
        };
        QVERIFY(state("A sample", "Another") == OracleState::Ok);
        QVERIFY(state("in = \"out.txt\"", "in = \"other.txt\"") == OracleState::NeverFires);
        QVERIFY(state("token = \"key\"\nin = \"out.txt\"", "file = \"out.txt\"\nis = \"present\"") ==
                OracleState::AlwaysFires);
        QVERIFY(state("contains = \"{{name}}\"", "contains = \"{{name}}!\"") == OracleState::MainNotMet);
        QVERIFY(state("file = \"out.txt\"\ncontains = \"{{name}}\"", "file = \"key.txt\"\nis = \"present\"") ==
                OracleState::FailurePasses);
    }
};
GRADUS_SUITE(ShippedTest)

#include "shipped_test.moc"
