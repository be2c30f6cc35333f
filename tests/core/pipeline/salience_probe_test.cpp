// SPDX-License-Identifier: GPL-3.0-or-later
// Every kind of item is probed, and where a probe cannot be had the run says so.
#include "pipeline/salience_probe.h"
#include "small_runs.h"
#include "support/must.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

class SalienceProbeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writingsToChooseFrom_areReadOneByOne()
    {
        spec::RunSpec run = smallRun("fixed");
        run.experiment.task.name = "builtin:registers/writing";
        run.experiment.signals.anchors = 200;
        const Bench bench(run);
        const ProbedBase base = must(probedBase(bench.context, 1, 1, {}));
        QVERIFY2(base.refusal.empty(), base.refusal.c_str());
        QVERIFY(base.accuracy && base.accuracy->n == 200);
        QVERIFY(base.majority >= 0.25 && base.majority < 0.4); // four writings
    }
    void anchorsThatCannotBeProbed_areToldOnce()
    {
        spec::RunSpec run = smallRun("fixed");
        run.experiment.ladder.generations = 2;
        run.experiment.signals.anchors = 5;
        Bench bench(run);
        must(runProgressive(bench.context, {}));
        const auto told = std::ranges::count_if(
            bench.recorder.said, [](const events::RunEvent& event) { return event.kind == kUnprobedEvent; });
        QCOMPARE(told, std::ptrdiff_t{1});
        // No anchors are no degraded mode: nothing was asked for.
        run.experiment.signals.anchors = 0;
        Bench without(run);
        must(runProgressive(without.context, {}));
        QVERIFY(std::ranges::none_of(without.recorder.said,
                                     [](const events::RunEvent& event) { return event.kind == kUnprobedEvent; }));
    }
};
GRADUS_SUITE(SalienceProbeTest)
#include "salience_probe_test.moc"
