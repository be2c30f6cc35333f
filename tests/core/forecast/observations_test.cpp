// SPDX-License-Identifier: GPL-3.0-or-later
// What runs say to a forecast: which generations count, over seeds, and what is missing.
#include "forecast/observations.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::forecast;

namespace {

events::GenerationRecord generation(int number, std::int64_t parameters, double utility, double ceiling)
{
    events::GenerationRecord record;
    record.generation = number;
    record.parameters = parameters;
    record.lastStep = 100;
    record.utility = Estimate{utility, utility - 0.02, utility + 0.02, 2000};
    if (number > 1) {
        record.gap = 0.5;
        record.weak = Estimate{0.6, 0.58, 0.62, 2000};
        record.imitation = Estimate{0.7, 0.68, 0.72, 800};
    }
    if (ceiling > 0) record.ceiling = Estimate{ceiling, ceiling - 0.02, ceiling + 0.02, 2000};
    return record;
}

compare::ComparedRun runOf(std::int64_t seed, double ceiling)
{
    const spec::Experiment experiment;
    store::RunDetail detail;
    detail.run.taskName = "builtin:registers/code";
    detail.run.experimentName = "tries";
    detail.run.seed = seed;
    detail.run.id = seed;
    detail.specToml = spec::canonicalToml(experiment);
    const double lift = 0.01 * static_cast<double>(seed);
    detail.generations = {generation(1, 1000, 0.6 + lift, 0), generation(2, 10000, 0.7, ceiling),
                          generation(3, 100000, 0.75, ceiling)};
    detail.generations.push_back(generation(4, 1000000, 0.2, ceiling));
    detail.generations.back().rolledBack = true;
    detail.events.push_back({.kind = "baseline.majority", .sentence = {}, .detailsJson = "{\"accuracy\": 0.51}"});
    return compare::comparedRun(std::move(detail), {});
}

} // namespace

class ObservationsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void curves_areMeansOverSeedsOfWhatWasKept()
    {
        const std::vector<compare::ComparedRun> runs{runOf(1, 0.8), runOf(2, 0.8), runOf(3, 0.8)};
        const Observations made = observationsOf(runs, compare::grouped(runs));
        QCOMPARE(made.runs, std::size_t{3});
        QCOMPARE(made.curves.size(), std::size_t{3});
        const CapacityCurve& ceiling = made.curves[0];
        QVERIFY(ceiling.figure == Figure::Ceiling);
        QCOMPARE(ceiling.points.size(), std::size_t{3}); // A1 learnt from truth and is its own; A4 was rolled back
        QVERIFY(std::abs(ceiling.points[0].value - 0.62) < 1e-12);
        QVERIFY(std::abs(ceiling.points[0].error - 0.01 / std::sqrt(3.0)) < 1e-12);
        QVERIFY(std::abs(ceiling.floor - 0.51) < 1e-12);
        QVERIFY(made.curves[2].figure == Figure::Imitation && made.curves[2].points.size() == 2);
        QCOMPARE(made.steps.size(), std::size_t{6});
        QVERIFY(std::abs(made.steps[0].from - 3) < 1e-12 && std::abs(made.steps[0].success - 0.3) < 1e-12);
        QVERIFY(std::abs(made.utility[0].noise - 0.4) < 1e-12);
        QCOMPARE(made.typicalGap, 0.5);
        QVERIFY(made.notes.empty());
    }
    void adapters_areNoPointsOfACurve()
    {
        std::vector<compare::ComparedRun> runs{runOf(1, 0.8)};
        runs[0].detail.generations[1].capacityProxy = "log10 adapter parameters";
        const Observations made = observationsOf(runs, compare::grouped(runs));
        QCOMPARE(made.curves[1].points.size(), std::size_t{2}); // utility of A1 and A3
        QCOMPARE(made.notes.size(), std::size_t{1});
        QVERIFY2(made.notes[0].starts_with("1 generation of rungs that are adapters"), made.notes[0].c_str());
    }
    void withoutCeilings_itIsSaid()
    {
        const std::vector<compare::ComparedRun> runs{runOf(1, 0)};
        const Observations made = observationsOf(runs, compare::grouped(runs));
        QCOMPARE(made.curves.size(), std::size_t{2});
        QCOMPARE(made.notes.size(), std::size_t{1});
        QVERIFY(made.notes[0].find("No generation has a ceiling") != std::string::npos);
        QVERIFY(std::abs(made.curves[0].points[0].error - 0.02 / 1.96) < 1e-4); // one seed: the items' error
    }
};
GRADUS_SUITE(ObservationsTest)
#include "observations_test.moc"
