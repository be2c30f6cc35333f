// SPDX-License-Identifier: GPL-3.0-or-later
// The gate on anchors in runs whose controller measures nothing: what lost is rolled back and tried again below.
#include "base/hash.h"
#include "pipeline/gap_report.h"
#include "small_runs.h"
#include "support/suite.h"

#include <QTest>

#include <set>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

namespace {

/// The second generation is taught nothing but wrong labels: whatever rung it stands on, it loses.
spec::RunSpec badlyTaught(const char* controller, const char* gate)
{
    spec::RunSpec run = smallRun(controller);
    run.experiment.ladder.generations = 2;
    run.experiment.ladder.start = 2;
    run.experiment.gap.gate = gate;
    run.experiment.training.labels = 400;
    run.experiment.training.epochs = 6;
    run.experiment.signals.anchors = 150;
    spec::SignalSource source;
    source.name = "labels";
    source.kind = "synthetic";
    source.noise = "wrong-only";
    source.rate = 1;
    run.experiment.signals.sources = {source};
    run.experiment.signals.aggregate = "majority"; // the anchored pool would read such a source the other way round
    return run;
}

std::vector<std::string> saidOf(const Recorder& recorder, const std::string& kind)
{
    std::vector<std::string> sentences;
    for (const events::RunEvent& event : recorder.said)
        if (event.kind == kind) sentences.push_back(event.sentence);
    return sentences;
}

int kept(const Recorder& recorder)
{
    int highest = 0;
    for (const events::GenerationRecord& record : recorder.generations)
        if (record.lastStep && !record.rolledBack) highest = std::max(highest, record.generation);
    return highest;
}

} // namespace

class GateTest : public QObject
{
    Q_OBJECT
    const spec::RunSpec m_jumping = badlyTaught("jump", "anchors");
    const Bench m_jumped{m_jumping}; ///< its whole run

private Q_SLOTS:
    void initTestCase() { QVERIFY(runProgressive(m_jumped.context, {.finished = {}}).ok()); }

    void aJumpThatLost_isTriedAgainThroughRungsBetween()
    {
        const Bench& bench = m_jumped;
        const auto rolledBack = saidOf(bench.recorder, "generation.rolled_back");
        QVERIFY2(rolledBack.size() == 3, qPrintable(QString::number(rolledBack.size()))); // 64,4 then 48,3 then 32,2
        QVERIFY2(rolledBack.front().find("below its supervisor") != std::string::npos, rolledBack.front().c_str());
        const auto decided = saidOf(bench.recorder, "gap.decision");
        QCOMPARE(decided.size(), std::size_t{4});
        QVERIFY2(decided[1].find("is the largest below 64,4, which failed its gate") != std::string::npos,
                 decided[1].c_str());
        QVERIFY2(decided.back().starts_with("No rung is left"), decided.back().c_str());
        QCOMPARE(kept(bench.recorder), 1);
        QCOMPARE(bench.recorder.progressed.back().generation, 1); // what stands, not what was tried
    }
    void aRefusal_endsWhereTheLadderStands()
    {
        const spec::RunSpec run = badlyTaught("adaptive", "off");
        const Bench bench(run);
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        const auto decided = saidOf(bench.recorder, "gap.decision");
        QVERIFY2(decided.size() == 1, decided.back().c_str());
        QCOMPARE(kept(bench.recorder), 1);
        QCOMPARE(bench.recorder.progressed.back().generation, 1); // forecasts for generation 2 were made, and no more
        QCOMPARE(bench.recorder.progressed.back().activity, std::string("finished"));
    }
    void gapAndGate_areStagesWithWhatWentInAndOut()
    {
        const Bench& bench = m_jumped;
        std::vector<events::StageEvent> gates;
        std::set<std::string> seen; // hashes: no two decisions and no two attempts knew the same
        std::size_t hashes = 0;
        for (const events::StageEvent& stage : bench.recorder.stages) {
            if (stage.kind != events::StageKind::Gap && stage.kind != events::StageKind::Gate) continue;
            QCOMPARE(stage.inputHash.size(), std::size_t{64});
            QCOMPARE(stage.outputHash.size(), std::size_t{64});
            seen.insert({stage.inputHash, stage.outputHash});
            hashes += 2;
            if (stage.kind == events::StageKind::Gate) gates.push_back(stage);
        }
        QCOMPARE(seen.size(), hashes);
        QCOMPARE(gates.size(), std::size_t{4});
        QVERIFY(gates[0].generation == 1 && gates[0].state == events::StageState::Finished);
        for (std::size_t i = 1; i < gates.size(); ++i)
            QVERIFY(gates[i].generation == 2 && gates[i].state == events::StageState::Failed &&
                    gates[i].note.find("below its supervisor") != std::string::npos);
        for (const events::RunEvent& event : bench.recorder.said)
            if (event.kind == "gap.decision") QVERIFY(seen.contains(sha256(event.detailsJson)));
    }
    void withoutAGate_itStays()
    {
        const spec::RunSpec run = badlyTaught("jump", "off");
        const Bench bench(run);
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        for (const events::StageEvent& stage : bench.recorder.stages)
            if (stage.kind == events::StageKind::Gate) QVERIFY(stage.state == events::StageState::Skipped);
        QVERIFY(saidOf(bench.recorder, "generation.rolled_back").empty());
        QCOMPARE(kept(bench.recorder), 2);
    }
};
GRADUS_SUITE(GateTest)
#include "gate_test.moc"
