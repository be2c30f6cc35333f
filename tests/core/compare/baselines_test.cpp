// SPDX-License-Identifier: GPL-3.0-or-later
// Which condition each is held against: its own task's, its own line's at the same place, itself without noise.
#include "compare/baselines.h"

#include "compare/comparison_table.h"
#include "support/compared_runs.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::compare;

namespace {

using Groups = std::vector<std::size_t>;

/// Sizes differ by .2, gaps by little.
ComparedRun onACurve(int start, double gap, std::int64_t seed)
{
    const double value =
        (start == 5 ? .80 : .60) - 0.1 * gap * start / 3 + 0.001 * static_cast<double>(seed * seed) * gap;
    return tests::comparedRun("fixed", seed, value, .50, [&](spec::Experiment& experiment) {
        experiment.ladder.start = start;
        experiment.ladder.generations = 1;
        experiment.gap.value = gap;
    });
}

std::vector<ComparedRun> curves(const std::vector<double>& small, const std::vector<double>& large)
{
    std::vector<ComparedRun> runs;
    for (const int start : {3, 5})
        for (const double gap : start == 3 ? small : large)
            for (const std::int64_t seed : {1, 2, 3})
                runs.push_back(onACurve(start, gap, seed));
    return runs;
}

ComparedRun noisy(const std::string& noise, int start, double rate, std::int64_t seed)
{
    const double value = (start == 5 ? .80 : .60) - 0.1 * rate + 0.001 * static_cast<double>(seed * seed) * rate;
    return tests::comparedRun("fixed", seed, value, .50, [&](spec::Experiment& experiment) {
        experiment.experiment.procedure = spec::kNoiseSensitivity;
        experiment.ladder.start = start;
        experiment.ladder.generations = 1;
        experiment.signals.sources = {{.name = "labels", .kind = "synthetic", .noise = noise, .rate = rate}};
        if (noise == "class-conditional") experiment.signals.sources[0].matrix = {1, 0, 1, 0};
    });
}

class BaselinesTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void linesOfACurve_areEachHeldAgainstTheirOwnPlace()
    {
        const auto runs = curves({0.1, 0.3, 0.5}, {0.1, 0.3, 0.5});
        const Grouping groups = grouped(runs);
        const auto first = baselinesOf(runs, groups, 0);
        QCOMPARE(first.each, Baselines::Each::Line);
        QCOMPARE(first.against, (Groups{0, 0, 0, 3, 3, 3}));
        QCOMPARE(baselinesOf(runs, groups, 1).against, (Groups{1, 1, 1, 4, 4, 4}));
        const ComparisonTable table = comparisonTable(runs, groups, {.baseline = 0});
        QVERIFY(!table.rows[3].cells[0].difference); // the first place of the second size is nobody's difference
        QVERIFY(std::abs(table.rows[4].cells[0].difference->estimate.value) < 0.04);
        QVERIFY(table.note.find("Each line of the curve has a baseline of its own.") != std::string::npos);
    }

    void aLineWithoutThePlace_isHeldAgainstItsFirst()
    {
        const auto runs = curves({0.1, 0.3, 0.5}, {0.1, 0.4, 0.5});
        QCOMPARE(baselinesOf(runs, grouped(runs), 1).against, (Groups{1, 1, 1, 3, 3, 3}));
    }

    void whatIsNoCurve_isHeldAgainstOne()
    {
        const auto runs = curves({0.1, 0.5}, {0.1, 0.5});
        const auto baselines = baselinesOf(runs, grouped(runs), 2);
        QCOMPARE(baselines.each, Baselines::Each::Task);
        QCOMPARE(baselines.against, (Groups{2, 2, 2, 2}));
    }

    void everyKindOfNoise_isHeldAgainstTheStudentWithoutAny()
    {
        // As noise-kinds has it: students without noise once, of whatever kind they are called; two or three rates a
        // kind.
        std::vector<ComparedRun> runs;
        for (const int start : {3, 5}) {
            for (const std::int64_t seed : {1, 2, 3})
                runs.push_back(noisy("uniform", start, 0.0, seed));
            for (const std::string noise : {"wrong-only", "class-conditional"})
                for (const double rate : {0.2, 0.4})
                    for (const std::int64_t seed : {1, 2, 3})
                        runs.push_back(noisy(noise, start, rate, seed));
        }
        const Grouping groups = grouped(runs);
        QCOMPARE(groups.groups.size(), std::size_t{10});
        const auto baselines = baselinesOf(runs, groups, 0);
        QCOMPARE(baselines.each, Baselines::Each::Student);
        QCOMPARE(baselines.against, (Groups{0, 0, 0, 0, 0, 5, 5, 5, 5, 5}));
        const ComparisonTable table = comparisonTable(runs, groups, {.baseline = 0});
        for (const TableRow& row : table.rows)
            if (!row.baseline) QVERIFY(row.cells[0].difference->estimate.value < -0.01);
        QVERIFY(table.note.find("Each student has a baseline of its own.") != std::string::npos);
        // Asked for with noise, it is the same kind and rate of the other student.
        QCOMPARE(baselinesOf(runs, groups, 4).against, (Groups{4, 4, 4, 4, 4, 9, 9, 9, 9, 9}));
    }

    void studentsThatNoneWithoutNoiseStandsBeside_areLines()
    {
        std::vector<ComparedRun> runs;
        for (const std::string noise : {"uniform", "wrong-only"})
            for (const double rate : {0.2, 0.4, 0.6})
                for (const std::int64_t seed : {1, 2})
                    runs.push_back(noisy(noise, 3, rate, seed));
        const auto baselines = baselinesOf(runs, grouped(runs), 0);
        QCOMPARE(baselines.each, Baselines::Each::Line);
        QCOMPARE(baselines.against, (Groups{0, 0, 0, 3, 3, 3}));
    }
};

} // namespace

GRADUS_SUITE(BaselinesTest)
#include "baselines_test.moc"
