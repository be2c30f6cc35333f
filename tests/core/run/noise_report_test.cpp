// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/noise_text.h"

#include "events/baseline_event.h"
#include "pipeline/noise_sensitivity.h"
#include "spec/experiment.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::run;
using compare::NoiseCurve;
using compare::NoiseReport;
using compare::noiseReport;
using compare::NoiseRow;

namespace {

struct Setup
{
    std::string noise = "uniform";
    double rate = 0;
    int rung = 3; ///< ladder.start
    std::int64_t seed = 1;
    int labels = 500;
};

/// A finished student whose accuracy falls with the rate, faster on the larger rung.
compare::ComparedRun student(const Setup& setup)
{
    spec::Experiment experiment;
    experiment.experiment.procedure = spec::kNoiseSensitivity;
    experiment.experiment.seeds = {setup.seed};
    experiment.ladder.generations = 1;
    experiment.ladder.start = setup.rung;
    experiment.training.labels = setup.labels;
    experiment.signals.sources = {{.name = "labels", .kind = "synthetic", .noise = setup.noise, .rate = setup.rate}};
    const double slope = setup.rung == 3 ? 0.1 : 0.2;
    const double accuracy = 0.8 - slope * setup.rate + 0.001 * static_cast<double>(setup.seed % 3) * setup.rate;
    const double wrong = setup.noise == "uniform" ? setup.rate / 2 : setup.rate;
    static std::int64_t id = 0;
    store::RunDetail detail;
    detail.run.id = ++id;
    detail.run.uuid = "run " + std::to_string(id);
    detail.run.seed = setup.seed;
    detail.run.state = store::RunState::Finished;
    detail.specToml = spec::canonicalToml(experiment);
    events::GenerationRecord record;
    record.rung = setup.rung == 3 ? "32,2" : "64,4";
    record.parameters = setup.rung == 3 ? 10000 : 100000;
    record.capacity = setup.rung == 3 ? 4 : 5;
    record.lastStep = 10;
    record.utility = Estimate{accuracy, accuracy - 0.02, accuracy + 0.02, 2000};
    if (setup.rate > 0) record.memorisation = Estimate{0.9, 0.8, 1, 40};
    detail.generations = {record};
    store::EventRow event;
    event.kind = pipeline::kNoiseEvent;
    event.detailsJson = R"({"classes":2})";
    detail.events = {event};
    std::vector<store::SeriesPoints> series(1);
    series[0].name = "noise/wrong";
    series[0].points = {{.step = 0, .wall = 0, .value = wrong}};
    return compare::comparedRun(std::move(detail), std::move(series));
}

std::vector<compare::ComparedRun> sweep(const std::string& noise, int labels = 500, bool clean = true)
{
    std::vector<compare::ComparedRun> runs;
    for (const int rung : {5, 3})
        for (const double rate : {0.0, 0.2, 0.4})
            for (const std::int64_t seed : {1, 2, 3, 4})
                if (clean || rate > 0)
                    runs.push_back(
                        student({.noise = noise, .rate = rate, .rung = rung, .seed = seed, .labels = labels}));
    return runs;
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class NoiseReportTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSweep_givesACurveForEachSizeAndTheLineToPaste()
    {
        const auto report = noiseReport(sweep("uniform"), std::nullopt);
        QVERIFY(report.ok());
        QCOMPARE(report->loss, 0.02); // the experiment's own gap.noise_loss
        QCOMPARE(report->curves.size(), std::size_t{2});
        const NoiseCurve& small = report->curves[0];
        QCOMPARE(small.rung, std::string("32,2"));
        QCOMPARE(small.rows.size(), std::size_t{3});
        QVERIFY(!small.rows[0].memorised && small.rows[1].memorised);
        QCOMPARE(small.wrongPerRate, 0.5);
        QVERIFY(std::abs(small.tolerance->rate - 0.2) < 0.01);
        QVERIFY(std::abs(report->curves[1].tolerance->rate - 0.1) < 0.01);
        const std::string text = noiseText(*report);
        QVERIFY2(has(text, "uniform: at rate 1 the labels say nothing, and chance is 0.50."), text.c_str());
        QVERIFY2(has(text, "tolerance = [[4.000, 0.101], [5.000, 0.050]]"), text.c_str());
        const std::size_t at = text.find("tolerance = ");
        const auto pasted = spec::parseExperiment("[gap]\n" + text.substr(at, text.find('\n', at) - at), "f");
        QVERIFY2(pasted.ok(), pasted ? "" : pasted.error().message.c_str());
        QCOMPARE(pasted->gap.tolerance.size(), std::size_t{2});
    }
    void cleanStudents_areSharedByAllKindsOfNoise()
    {
        auto runs = sweep("uniform");
        for (compare::ComparedRun& run : sweep("wrong-only", 500, false))
            runs.push_back(std::move(run));
        const auto report = noiseReport(runs, 0.03);
        QCOMPARE(report->loss, 0.03);
        QCOMPARE(report->curves.size(), std::size_t{4});
        QCOMPARE(report->curves[2].noise, std::string("wrong-only"));
        QCOMPARE(report->curves[2].rows.front().rate, 0.0);
        QVERIFY(report->curves[2].tolerance.ok());
        QVERIFY(has(noiseText(*report), "at rate 0.50, (K - 1) / K for K = 2, the labels say nothing"));
        QVERIFY(has(noiseJson(*report), "\"uninformative_rate\": 0.5"));
    }
    void studentsOfOtherSettings_areNotMixed()
    {
        auto runs = sweep("uniform");
        for (compare::ComparedRun& run : sweep("uniform", 1000))
            runs.push_back(std::move(run));
        const auto report = noiseReport(runs, std::nullopt);
        QCOMPARE(report->curves.size(), std::size_t{4});
        const std::string text = noiseText(*report);
        QVERIFY2(has(text, "uniform, rung 32,2, training.labels = 1000"), text.c_str());
    }
    void withoutACleanStudent_theCurveIsShownAndTheToleranceRefused()
    {
        const auto report = noiseReport(sweep("uniform", 500, false), std::nullopt);
        QVERIFY(report.ok());
        QVERIFY(!report->curves[0].tolerance.ok());
        const std::string text = noiseText(*report);
        QVERIFY2(has(text, "needs runs of one seed at noise rate 0"), text.c_str());
        QVERIFY(!has(text, "tolerance = ["));
    }
    void studentsThatLearntNothing_areSaidToBearNothing()
    {
        auto runs = sweep("uniform"); // .8 without noise
        const auto tell = [&](double commonest) {
            for (compare::ComparedRun& run : runs) {
                store::EventRow event;
                event.kind = events::kMajorityEvent;
                event.detailsJson = R"({"accuracy":)" + std::to_string(commonest) + "}";
                run.detail.events.resize(1);
                run.detail.events.push_back(event);
            }
        };
        tell(0.55);
        QVERIFY(noiseReport(runs, std::nullopt)->curves[0].tolerance.ok());
        tell(0.79); // beyond what the items of most students tell from it, and seeds that are alike tell it
        QVERIFY(noiseReport(runs, std::nullopt)->curves[0].tolerance.ok());
        tell(0.81);
        const auto report = noiseReport(runs, std::nullopt);
        QVERIFY(!report->curves[0].tolerance.ok());
        const std::string text = noiseText(*report);
        QVERIFY2(has(text, "32,2: without noise these students are right on 0.800, which cannot be told"),
                 text.c_str());
        QVERIFY(!has(text, "tolerance = ["));
    }
    void otherRuns_areCountedAndLeftOut()
    {
        auto runs = sweep("uniform");
        runs.push_back(student({.seed = 9}));
        runs.back().detail.generations.clear(); // not finished
        const auto report = noiseReport(runs, std::nullopt);
        QCOMPARE(report->left, std::size_t{1});
        const auto none = noiseReport({runs.back()}, std::nullopt);
        QVERIFY(!none && has(none.error().message, "gradus new noise-sensitivity"));
    }
};
GRADUS_SUITE(NoiseReportTest)
#include "noise_report_test.moc"
