// SPDX-License-Identifier: GPL-3.0-or-later
// The gate on anchors in runs whose controller measures nothing: what lost is rolled back and tried again below.
#include "pipeline/gap_report.h"
#include "small_runs.h"
#include "support/suite.h"

#include <QTest>

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
private Q_SLOTS:
    void aJumpThatLost_isTriedAgainThroughRungsBetween()
    {
        const spec::RunSpec run = badlyTaught("jump", "anchors");
        const Bench bench(run);
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        const auto rolledBack = saidOf(bench.recorder, "generation.rolled_back");
        QVERIFY2(rolledBack.size() == 3, qPrintable(QString::number(rolledBack.size()))); // 64,4 then 48,3 then 32,2
        QVERIFY2(rolledBack.front().find("below its supervisor") != std::string::npos, rolledBack.front().c_str());
        const auto decided = saidOf(bench.recorder, "gap.decision");
        QCOMPARE(decided.size(), std::size_t{4});
        QVERIFY2(decided[1].find("is the largest below 64,4, which failed its gate") != std::string::npos,
                 decided[1].c_str());
        QVERIFY2(decided.back().starts_with("No rung is left"), decided.back().c_str());
        QCOMPARE(kept(bench.recorder), 1);
    }
    void withoutAGate_itStays()
    {
        const spec::RunSpec run = badlyTaught("jump", "off");
        const Bench bench(run);
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        QVERIFY(saidOf(bench.recorder, "generation.rolled_back").empty());
        QCOMPARE(kept(bench.recorder), 2);
    }
};
GRADUS_SUITE(GateTest)
#include "gate_test.moc"
