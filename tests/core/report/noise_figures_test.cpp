// SPDX-License-Identifier: GPL-3.0-or-later
// The figure of a noise sweep holds both training accuracies, chance, the flip point and each size's tolerance, and a
// report holds each size against itself.
#include "report/noise_figures.h"

#include "events/baseline_event.h"
#include "events/noise_event.h"
#include "report/experiment_report.h"
#include "support/compared_runs.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace gradus;
using namespace gradus::report;

namespace {

/// Seven classes; the larger size is better by .2 at every rate and loses faster.
compare::ComparedRun student(const std::string& noise, int start, double rate, std::int64_t seed)
{
    const double slope = start == 5 ? 0.2 : 0.1;
    const double accuracy = (start == 5 ? 0.8 : 0.6) - slope * rate + 0.002 * static_cast<double>(seed % 3) * rate;
    auto run = tests::comparedRun("fixed", seed, accuracy, 0.5, [&](spec::Experiment& experiment) {
        experiment.experiment.procedure = spec::kNoiseSensitivity;
        experiment.ladder.generations = 1;
        experiment.ladder.start = start;
        experiment.signals.sources = {{.name = "labels", .kind = "synthetic", .noise = noise, .rate = rate}};
    });
    run.detail.generations.erase(run.detail.generations.begin());
    run.detail.generations[0].rung = start == 5 ? "64,4" : "32,2";
    run.detail.generations[0].capacity = start;
    run.detail.generations[0].imitation.reset();
    run.detail.generations[0].utility = Estimate{accuracy, accuracy - 0.02, accuracy + 0.02, 2000};
    store::EventRow event;
    event.kind = events::kNoiseEvent;
    event.detailsJson = R"({"classes":7})";
    run.detail.events = {event};
    const auto add = [&](const char* name, double value) {
        run.series.emplace_back();
        run.series.back().name = name;
        run.series.back().points = {{.step = 10, .wall = 0, .value = value}};
    };
    add("train/accuracy_noisy", 0.98);
    add("train/accuracy_clean", 0.98 - rate);
    return run;
}

std::vector<compare::ComparedRun> sweep(const std::string& noise)
{
    std::vector<compare::ComparedRun> runs;
    for (const int start : {3, 5})
        for (const double rate : {0.0, 0.2, 0.4})
            for (const std::int64_t seed : {1, 2, 3, 4})
                runs.push_back(student(noise, start, rate, seed));
    return runs;
}

Evidence evidenceOf(std::vector<compare::ComparedRun> runs)
{
    Evidence evidence;
    evidence.runs = std::move(runs);
    return evidence;
}

const ChartLevel* levelOf(const ChartPanel& panel, const std::string& name)
{
    const auto found = std::find_if(panel.levels.begin(), panel.levels.end(),
                                    [&](const ChartLevel& level) { return level.name == name; });
    return found == panel.levels.end() ? nullptr : &*found;
}

} // namespace

class NoiseFiguresTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sizesThatLearntNothing_haveNoPanelOfWhatTheyBear()
    {
        auto runs = sweep("uniform");
        for (compare::ComparedRun& run : runs) {
            store::EventRow commonest;
            commonest.kind = events::kMajorityEvent;
            commonest.detailsJson = R"({"accuracy":0.9})";
            run.detail.events.push_back(commonest);
        }
        const auto figures = noiseFigures(evidenceOf(runs));
        QCOMPARE(figures.size(), std::size_t{1});
        QCOMPARE(figures[0].panels.size(), std::size_t{2}); // the two sizes
        QVERIFY2(figures[0].caption.find("No rate is read of rung 32,2: without noise") != std::string::npos,
                 figures[0].caption.c_str());
    }
    void bothTrainingAccuracies_standTogetherWithChanceAndTheFlipPoint()
    {
        const auto figures = noiseFigures(evidenceOf(sweep("wrong-only")));
        QCOMPARE(figures.size(), std::size_t{1});
        QCOMPARE(figures[0].panels.size(), std::size_t{3}); // two sizes and what each bears
        const ChartPanel& small = figures[0].panels[0];
        QCOMPARE(small.title, std::string("rung 32,2"));
        QCOMPARE(small.series.size(), std::size_t{3});
        QCOMPARE(small.series[0].points.size(), std::size_t{3});
        QVERIFY(std::abs(small.series[0].points[2].value - 0.98) < 1e-12);
        QVERIFY(std::abs(small.series[1].points[2].value - 0.58) < 1e-12);
        QVERIFY(small.series[2].points[2].low && small.series[2].points[2].high);
        QVERIFY(std::abs(levelOf(small, "chance")->value - 1.0 / 7) < 1e-12);
        const ChartLevel* flip = levelOf(small, "labels say nothing");
        QVERIFY(flip != nullptr && flip->onPlaceAxis && std::abs(flip->value - 6.0 / 7) < 1e-12);
        const ChartPanel& borne = figures[0].panels[2];
        QCOMPARE(borne.categories, (std::vector<std::string>{"rung 32,2", "rung 64,4"}));
        const ChartPoint& point = borne.series[0].points.at(0);
        QVERIFY(point.low && *point.low < point.value && point.value < *point.high);
        QVERIFY2(std::abs(point.value - 0.2) < 0.02, point.words.c_str()); // .02 lost at slope .1
        QVERIFY(borne.series[1].points.at(0).value < point.value);
        QVERIFY(std::abs(levelOf(small, "borne")->value - point.value) < 1e-12);
    }

    /// What the figure draws can also be read, and quoted: of notes it is the first figure that a reader looks for.
    void whatEachSizeBears_standsInATable()
    {
        const auto table = noiseTable(evidenceOf(sweep("wrong-only")));
        QVERIFY(table.has_value());
        QCOMPARE(table->rows.size(), std::size_t{2});
        const auto& small = table->rows[0];
        QCOMPARE(small.size(), table->columns.size());
        QCOMPARE(small[1], std::string("rung 32,2"));
        QCOMPARE(small[2], std::string("4"));
        QVERIFY2(small[3].starts_with("0.600"), small[3].c_str());
        // .02 lost at slope .1 less some .003: a little above .2, and no label is wrong beyond the rate
        QVERIFY2(small[4].starts_with("0.20") && small[4].find('[') != std::string::npos, small[4].c_str());
        QVERIFY2(table->rows[1][4].starts_with("0.10"), table->rows[1][4].c_str());
        QCOMPARE(small[6], std::string("0.40"));
        QVERIFY2(small[7].starts_with("+0.039"), small[7].c_str());
        QVERIFY(!noiseTable(evidenceOf({tests::comparedRun("fixed", 1, 0.6, 0.5)})));
    }
    void aSizeThatLearntNothing_bearsNothingThatIsRead()
    {
        auto runs = sweep("uniform");
        for (compare::ComparedRun& run : runs) {
            store::EventRow commonest;
            commonest.kind = events::kMajorityEvent;
            commonest.detailsJson = R"({"accuracy":0.9})";
            run.detail.events.push_back(commonest);
        }
        const auto table = noiseTable(evidenceOf(runs));
        QVERIFY(table.has_value());
        QCOMPARE(table->rows[0][4], std::string("not read"));
        QCOMPARE(table->rows[0][5], std::string("not read"));
    }
    void uniformNoise_saysNothingAtTheEndAlone()
    {
        const auto figures = noiseFigures(evidenceOf(sweep("uniform")));
        QCOMPARE(levelOf(figures.at(0).panels[0], "labels say nothing")->value, 1.0);
        QVERIFY(noiseFigures(evidenceOf({tests::comparedRun("fixed", 1, 0.6, 0.5)})).empty());
    }

    void aReport_holdsEachSizeAgainstItself()
    {
        const auto report = experimentReport({.runs = sweep("wrong-only")});
        QVERIFY2(report.ok(), report ? "" : report.error().message.c_str());
        int baselines = 0;
        bool drawn = false;
        for (const Section& section : report->sections)
            for (const Block& block : section.blocks) {
                if (const auto* figure = std::get_if<Figure>(&block))
                    drawn = drawn || figure->title == "Noise of kind wrong-only: what is fitted";
                const auto* table = std::get_if<Table>(&block);
                if (section.heading != "Results" || table == nullptr) continue;
                for (const auto& row : table->rows)
                    for (const std::string& cell : row) {
                        baselines += cell.find("(baseline)") != std::string::npos ? 1 : 0;
                        // Sizes differ by .2, and that is no difference of rates.
                        QVERIFY2(cell.find("+0.2") == std::string::npos, cell.c_str());
                    }
            }
        QVERIFY(drawn);
        QVERIFY(baselines > 0 && baselines % 2 == 0);
    }
};

GRADUS_SUITE(NoiseFiguresTest)
#include "noise_figures_test.moc"
