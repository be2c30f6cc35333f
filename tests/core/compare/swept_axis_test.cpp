// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/swept_axis.h"

#include "support/compared_runs.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::compare;

namespace {

using Runs = std::vector<ComparedRun>;

ComparedRun noisy(int start, double rate, std::int64_t seed)
{
    return tests::comparedRun("fixed", seed, 0.9 - rate / 2, 0.5, [&](spec::Experiment& experiment) {
        experiment.ladder.start = start;
        experiment.ladder.generations = 2;
        spec::SignalSource source;
        source.name = "noise " + std::to_string(rate);
        source.kind = "synthetic";
        source.rate = rate;
        experiment.signals.sources = {source};
    });
}

class SweptAxisTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSweptRate_isAnAxisWithALineARung()
    {
        Runs runs;
        for (const int start : {1, 3})
            for (const double rate : {0.0, 0.2, 0.5})
                for (const std::int64_t seed : {1, 2})
                    runs.push_back(noisy(start, rate, seed));
        for (const ComparedRun& run : runs)
            QVERIFY2(run.spec, run.specError.c_str());
        const auto axis = sweptAxis(runs, grouped(runs));
        QVERIFY(axis);
        QCOMPARE(axis->key, std::string("signals.source[0].rate"));
        QCOMPARE(axis->label, std::string("noise rate"));
        QCOMPARE(axis->lines, (std::vector<std::string>{"rung 16,1", "rung 32,2"}));
        QCOMPARE(axis->places, (std::vector<double>{0, 0.2, 0.5, 0, 0.2, 0.5}));
        QCOMPARE(axis->line, (std::vector<std::size_t>{0, 0, 0, 1, 1, 1}));
    }

    void aKindOfNoise_namesItsLineAlone()
    {
        Runs runs;
        for (const std::string noise : {"uniform", "class-conditional"})
            for (const double rate : {0.2, 0.5, 0.8})
                for (const std::int64_t seed : {1, 2}) {
                    runs.push_back(tests::comparedRun("fixed", seed, 0.9 - rate / 2, 0.5, [&](auto& experiment) {
                        spec::SignalSource source{.name = "noise", .kind = "synthetic", .noise = noise, .rate = rate};
                        if (noise == "class-conditional") source.matrix = {1, 0, 1, 0};
                        experiment.signals.sources = {source};
                    }));
                    QVERIFY2(runs.back().spec, runs.back().specError.c_str());
                }
        const auto axis = sweptAxis(runs, grouped(runs));
        QVERIFY(axis);
        QCOMPARE(axis->lines, (std::vector<std::string>{"uniform", "class-conditional"}));
    }

    void namedConditions_areNoAxis()
    {
        Runs runs;
        double gap = 0.1;
        for (const char* controller : {"fixed", "schedule", "pi", "bandit"}) {
            runs.push_back(tests::comparedRun(controller, 1, 0.6, 0.5,
                                              [&](spec::Experiment& experiment) { experiment.gap.value = gap; }));
            gap += 0.3;
        }
        QVERIFY(!sweptAxis(runs, grouped(runs)));
    }

    void twoPlaces_areNoCurve()
    {
        const Runs runs = {noisy(3, 0, 1), noisy(3, 0.5, 1)};
        QVERIFY(!sweptAxis(runs, grouped(runs)));
    }

    void theNumberOfSources_isAnAxis()
    {
        Runs runs;
        for (std::size_t sources = 1; sources <= 4; ++sources)
            runs.push_back(tests::comparedRun("fixed", 1, 0.6, 0.5, [&](spec::Experiment& experiment) {
                experiment.signals.sources.resize(sources);
                for (std::size_t i = 0; i < sources; ++i) {
                    experiment.signals.sources[i].name = "s" + std::to_string(i);
                    experiment.signals.sources[i].back = static_cast<int>(i) + 1;
                }
            }));
        const auto axis = sweptAxis(runs, grouped(runs));
        QVERIFY(axis);
        QCOMPARE(axis->label, std::string("number of sources"));
        QCOMPARE(axis->places, (std::vector<double>{1, 2, 3, 4}));
        QCOMPARE(axis->lines, std::vector<std::string>{""});
        QVERIFY(axis->followers.empty());
    }

    void whatFollowsTheNumberOfSources_isOneCurveStill()
    {
        // As many votes in every condition: the labels fall as sources come.
        const auto withLabels = [](const std::vector<int>& labels) {
            Runs runs;
            for (std::size_t sources = 1; sources <= labels.size(); ++sources)
                runs.push_back(tests::comparedRun("fixed", 1, 0.6, 0.5, [&](spec::Experiment& experiment) {
                    experiment.training.labels = labels[sources - 1];
                    experiment.signals.sources.resize(sources);
                    for (std::size_t i = 0; i < sources; ++i) {
                        experiment.signals.sources[i].name = "s" + std::to_string(i);
                        experiment.signals.sources[i].back = static_cast<int>(i) + 1;
                    }
                }));
            return runs;
        };
        const Runs bought = withLabels({840, 420, 280, 210});
        const auto axis = sweptAxis(bought, grouped(bought));
        QVERIFY(axis);
        QCOMPARE(axis->label, std::string("number of sources"));
        QCOMPARE(axis->lines, std::vector<std::string>{""});
        QCOMPARE(axis->places, (std::vector<double>{1, 2, 3, 4}));
        QCOMPARE(axis->followers, std::vector<std::string>{"training.labels"});
        // What goes up and down says something of its own.
        const Runs zigzag = withLabels({840, 420, 500, 210});
        QVERIFY(!sweptAxis(zigzag, grouped(zigzag)));
    }
};

} // namespace

GRADUS_SUITE(SweptAxisTest)

#include "swept_axis_test.moc"
