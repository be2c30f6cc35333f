// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/label_noise.h"

#include "pipeline/signal_desk.h"
#include "small_runs.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>

#include <nlohmann/json.hpp>

using namespace gradus;
using namespace gradus::pipeline;
using namespace gradus::tests;
using nlohmann::json;

namespace {

std::vector<const events::RunEvent*> saidBy(const Recorder& recorder, const std::string& kind)
{
    std::vector<const events::RunEvent*> events;
    for (const events::RunEvent& event : recorder.said)
        if (event.kind == kind) events.push_back(&event);
    return events;
}

json estimateOf(const Recorder& recorder, const std::string& method)
{
    for (const events::RunEvent* event : saidBy(recorder, kLabelNoiseEvent))
        if (json details = json::parse(event->detailsJson); details["method"] == method) return details;
    return {};
}

/// Two generations of the smallest rungs; the second is taught by what the first, or a source, says.
spec::RunSpec twoGenerations(int anchors)
{
    spec::RunSpec run = smallRun("fixed");
    run.experiment.ladder.generations = 2;
    run.experiment.signals.anchors = anchors;
    run.experiment.training.labels = 400;
    run.experiment.training.epochs = 4;
    return run;
}

} // namespace

class LabelNoiseTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyStudent_isToldByThreeEstimatorsSideBySide()
    {
        spec::RunSpec run = smallRun("fixed");
        const Bench bench(run);
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        const auto events = saidBy(bench.recorder, kLabelNoiseEvent);
        QCOMPARE(events.size(), std::size_t{6}); // A_2 and A_3; nobody asks about truth
        std::map<int, std::vector<std::string>> methods;
        bool confidentSays = false;
        for (const events::RunEvent* event : events) {
            const json details = json::parse(event->detailsJson);
            methods[event->generation].push_back(details["method"]);
            if (details.contains("refusal")) {
                QVERIFY(!details["refusal"].get<std::string>().empty());
                continue;
            }
            confidentSays = confidentSays || details["method"] == "confident";
            QVERIFY(details["low"] <= details["estimate"] && details["estimate"] <= details["high"]);
            QVERIFY(details["n"].get<int>() > 0);
        }
        const std::vector<std::string> all{"anchors", "confident", "loss-mixture"};
        QVERIFY(methods[2] == all && methods[3] == all);
        QVERIFY(bench.recorder.last("noise/anchors") >= 0);
        // So small a run may teach nothing that confident learning could go by: then it says so instead of a number.
        QCOMPARE(bench.recorder.last("noise/confident") >= 0, confidentSays);
    }

    void withoutAnchors_theEstimatorSaysWhatIsMissing()
    {
        const spec::RunSpec run = twoGenerations(0);
        const Bench bench(run);
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        const json anchors = estimateOf(bench.recorder, "anchors");
        QVERIFY(QString::fromStdString(anchors["refusal"]).contains("signals.anchors"));
        QVERIFY(estimateOf(bench.recorder, "confident").contains("estimate"));
    }

    /// Labels flipped at random are noise that learning from them shows; a weak model's own errors are not.
    void flippedLabels_areFoundByConfidentLearning()
    {
        double found[2] = {};
        for (const double rate : {0.0, 0.35}) {
            spec::RunSpec run = twoGenerations(100);
            run.experiment.ladder.start = 4;
            run.experiment.signals.sources = {
                {.name = "noisy", .kind = "synthetic", .noise = "wrong-only", .rate = rate}};
            const Bench bench(run);
            QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
            const json anchors = estimateOf(bench.recorder, "anchors");
            QVERIFY(anchors["low"] <= rate && rate <= anchors["high"].get<double>() + 0.05);
            found[rate > 0] = estimateOf(bench.recorder, "confident")["estimate"];
        }
        QVERIFY2(found[1] > found[0] + 0.15, qPrintable(QString("%1 %2").arg(found[0]).arg(found[1])));
    }

    void anAlarm_carriesItsRuleAndAllEstimates()
    {
        // A teacher of the smallest rung errs in ways that a student of it finds natural.
        spec::RunSpec run = twoGenerations(400);
        run.experiment.ladder.start = 0;
        const Bench bench(run);
        QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
        const json anchors = estimateOf(bench.recorder, "anchors");
        const json confident = estimateOf(bench.recorder, "confident");
        const auto alarms = saidBy(bench.recorder, "alert");
        QCOMPARE(alarms.size(), std::size_t{confident["high"] < anchors["low"] ? 1U : 0U});
        QVERIFY2(alarms.size() == 1, "the seed shows no shared bias: choose one that does");
        const json details = json::parse(alarms.front()->detailsJson);
        QCOMPARE(details["rule"].get<std::string>(), std::string(signals::kDisagreementRule));
        QCOMPARE(details["estimates"].size(), std::size_t{3});
        QVERIFY(alarms.front()->sentence.starts_with("Shared bias: "));
    }

    void estimators_changeNothingThatIsTaught()
    {
        // The same run with and without anchors: what the estimators know never reaches the student.
        std::string hashes[2];
        for (const int anchors : {0, 60}) {
            const spec::RunSpec run = twoGenerations(anchors);
            const Bench bench(run);
            QVERIFY(runProgressive(bench.context, {.finished = {}}).ok());
            hashes[anchors > 0] = bench.recorder.generations.back().checkpointHash;
        }
        QVERIFY(!hashes[0].empty());
        QCOMPARE(hashes[0], hashes[1]);
    }
};
GRADUS_SUITE(LabelNoiseTest)
#include "label_noise_test.moc"
