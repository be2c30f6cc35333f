// SPDX-License-Identifier: GPL-3.0-or-later
// What a lane shows of stored runs: the gap, a drawn number, a source's weight.
#include "spec/experiment.h"
#include "support/sample_runs.h"
#include "support/suite.h"
#include "viewmodels/run_curves.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using namespace gradus::viewmodels;

namespace {

const std::string kText =
    "[experiment]\nname = \"drawn\"\nseeds = [1]\n[ladder]\ngenerations = 4\n[training]\n"
    "learning_rate = { keys = [[0.0, 0.004], [1.0, 0.001]], interpolation = \"linear\" }\n"
    "[[signals.source]]\nname = \"past\"\nkind = \"model\"\n[[signals.source]]\nname = \"truth\"\n"
    "kind = \"truth\"\nweight = { keys = [[0.0, 0.1], [1.0, 0.5]] }\n";

} // namespace

class RunCurvesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void seriesOfALane_isDrawnAndTaken()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("gradus.db").toStdString();
        const auto experiment = spec::parseExperiment(kText, "test");
        QVERIFY2(experiment, experiment ? "" : experiment.error().message.c_str());
        {
            auto writer = store::StoreWriter::open(file);
            QVERIFY(writer);
            const auto ids = (*writer)->addRuns(*experiment, kText, *spec::expand(*experiment));
            QVERIFY(ids);
            const tests::SampleRun run{.runId = ids->front()};
            tests::writeFinishedRun(**writer, run);
            events::EventSink& sink = (*writer)->sink(run.runId);
            for (int generation = 2; generation <= 4; ++generation) {
                const std::int64_t step = std::int64_t{generation - 1} * run.stepsPerGeneration + 1;
                sink.point({"setting/training.learning_rate", step, 0.005 - 0.001 * generation});
                sink.point({"signal/weight/truth", step, 0.1 * generation});
            }
            QVERIFY((*writer)->flush());
        }
        const auto gap = recentRunCurves(file, 5);
        QVERIFY(gap && gap->size() == 1);
        QVERIFY(gap->front().taken->keys.size() == 3);
        const auto rate = recentRunCurves(file, 5, "setting/training.learning_rate");
        QVERIFY(rate && rate->size() == 1);
        QVERIFY(*rate->front().drawn == experiment->drawn.front().curve);
        QCOMPARE(rate->front().taken->keys.size(), std::size_t{3});
        QCOMPARE(rate->front().taken->keys[0].x, 0.0);
        QCOMPARE(rate->front().taken->keys[1].x, 0.5);
        QCOMPARE(rate->front().taken->keys[2].y, 0.001);
        const auto weight = recentRunCurves(file, 5, "signal/weight/truth");
        QVERIFY(weight && weight->size() == 1);
        QVERIFY(*weight->front().drawn == experiment->signals.sources[1].weight);
        QCOMPARE(weight->front().taken->keys[1].y, 0.1 * 3);
        const auto none = recentRunCurves(file, 5, "setting/training.epochs");
        QVERIFY(none && none->empty());
    }
};
GRADUS_SUITE(RunCurvesTest)
#include "run_curves_test.moc"
