// SPDX-License-Identifier: GPL-3.0-or-later
// Canaries in runs: what is planted, that a run which learns by heart is told of, and that one which does not is not.
#include "pipeline/canaries.h"
#include "pipeline/run_items.h"
#include "small_runs.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;

namespace {

spec::RunSpec withPlanted(int canaries)
{
    spec::RunSpec run = smallRun("fixed");
    run.experiment.ladder.generations = 2;
    run.experiment.training.canaries = canaries;
    return run;
}

std::vector<std::string> sentencesOf(const Recorder& recorder, const std::string& kind)
{
    std::vector<std::string> sentences;
    for (const events::RunEvent& event : recorder.said)
        if (event.kind == kind) sentences.push_back(event.sentence);
    return sentences;
}

} // namespace

class CanariesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theyAreDrawnFromWhatThePoolLeaves()
    {
        const spec::RunSpec run = withPlanted(70);
        const Bench bench(run);
        const data::ItemSet pool = poolOf(bench.context, 2);
        const auto canaries = drawCanaries(bench.context, 2, pool);
        QVERIFY(canaries && canaries->planted.items.size() == 70 && canaries->keptBack.items.size() == 70);
        std::set<std::vector<std::vector<std::int32_t>>> seen;
        for (const data::ItemSet* set : {&pool, &canaries->planted, &canaries->keptBack})
            for (const data::Item& item : set->items)
                seen.insert(item.sequences);
        QCOMPARE(seen.size(), pool.items.size() + 140); // nothing stands twice
        const auto ones = std::count(canaries->plantedLabels.begin(), canaries->plantedLabels.end(), 1);
        QVERIFY(ones > 15 && ones < 55);
        const auto again = drawCanaries(bench.context, 2, pool);
        QCOMPARE(again->plantedLabels, canaries->plantedLabels);
        QVERIFY(drawCanaries(bench.context, 1, poolOf(bench.context, 1))->plantedLabels != canaries->plantedLabels);
        QVERIFY(!drawCanaries(Bench(withPlanted(0)).context, 2, pool));
    }
    void whatLearnsByHeart_isToldOf()
    {
        spec::RunSpec run = withPlanted(60);
        run.experiment.ladder.start = 4; // the two largest
        run.experiment.training.epochs = 30;
        run.experiment.training.bodyScale = 1;
        const Bench bench(run);
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        QCOMPARE(sentencesOf(bench.recorder, kCanariesEvent).size(), std::size_t{2});
        const auto told = sentencesOf(bench.recorder, "signature.memorisation");
        QCOMPARE(told.size(), std::size_t{2});
        QVERIFY2(told.back().find("60 items with drawn labels were taught") != std::string::npos, told.back().c_str());
        QVERIFY(bench.recorder.last("signature/memorisation") > 0.8);
    }
    void whatDoesNot_isNotToldOf()
    {
        const spec::RunSpec run = withPlanted(60);
        const Bench bench(run);
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        const auto told = sentencesOf(bench.recorder, "signature.memorisation");
        QVERIFY2(told.empty(), told.empty() ? "" : told.front().c_str());
        const double area = bench.recorder.last("signature/memorisation");
        QVERIFY2(area > 0.3 && area < 0.75, qPrintable(QString::number(area)));
        // Its steps are those of what was taught, the planted ones among it; what is measured is its own items alone.
        for (const events::GenerationRecord& record : bench.recorder.generations)
            if (record.lastStep && record.generation == 1) QCOMPARE(*record.lastStep, 2 * ((96 + 60 + 31) / 32));
        for (const events::GenerationRecord& record : bench.recorder.generations)
            if (record.memorisation) QVERIFY(record.memorisation->n <= 96);
    }
    void aRunWithoutThem_isAsItWas()
    {
        spec::RunSpec run = withPlanted(0);
        const Bench bench(run);
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        QVERIFY(sentencesOf(bench.recorder, kCanariesEvent).empty());
        QCOMPARE(bench.recorder.last("signature/memorisation"), -1.0);
    }
};
GRADUS_SUITE(CanariesTest)
#include "canaries_test.moc"
