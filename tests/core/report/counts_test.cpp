// SPDX-License-Identifier: GPL-3.0-or-later
// Of how many runs a report's figures are, which differences were tested, and why others were not.
#include "report_text.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::report;
using tests::contains;
using tests::pairOf;
using tests::textOf;

namespace {

using Runs = std::vector<compare::ComparedRun>;

std::vector<const Figure*> figuresIn(const Report& report)
{
    std::vector<const Figure*> figures;
    for (const Section& section : report.sections)
        for (const Block& block : section.blocks)
            if (const auto* figure = std::get_if<Figure>(&block)) figures.push_back(figure);
    return figures;
}

/// What is said of the first point of each series in panels of this title.
std::vector<std::string> pointWords(const Report& report, const std::string& title)
{
    std::vector<std::string> words;
    for (const Figure* figure : figuresIn(report))
        for (const ChartPanel& panel : figure->panels)
            if (contains(panel.title, title))
                for (const ChartSeries& series : panel.series)
                    words.push_back(series.points.front().words);
    return words;
}

std::string captionsOf(const Report& report)
{
    std::string captions;
    for (const Figure* figure : figuresIn(report))
        captions += figure->caption + "\n";
    return captions;
}

class CountsTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void noTest_isGivenItsReason()
    {
        const std::string alike = textOf(tests::reportOn(pairOf(0, 0)), "Answer");
        QVERIFY2(contains(alike, "No test: the differences do not vary."), alike.c_str());
        QVERIFY(!contains(alike, "So few runs"));
    }

    void holmsFamily_isNamedWhereItIsLargerThanTheSentence()
    {
        // Two tasks, each with its own baseline and one condition beside it: one family of two.
        Runs runs = pairOf(0.05);
        for (compare::ComparedRun run : pairOf(0.05)) {
            run.spec->task.name = "builtin:registers/math";
            run.detail.run.condition += ", math";
            runs.push_back(std::move(run));
        }
        const std::string answer = textOf(tests::reportOn(std::move(runs)), "Answer");
        QVERIFY2(contains(answer, "correction over 2 comparisons of this figure: 1 of these 1."), answer.c_str());
    }

    void runsThatDoNotPairAndDoNotVary_areNoDifferences()
    {
        Runs runs;
        for (const std::int64_t seed : {1, 2, 3})
            runs.push_back(tests::comparedRun("fixed", seed, 0.6, 0.5));
        for (const std::int64_t seed : {4, 5, 6})
            runs.push_back(tests::comparedRun("schedule", seed, 0.7, 0.5));
        const std::string answer = textOf(tests::reportOn(std::move(runs)), "Answer");
        QVERIFY2(contains(answer, "No test: runs of neither side vary."), answer.c_str());
    }

    void whatIsNotTested_isToldBesideWhatIs()
    {
        Runs runs = pairOf(0.05);
        for (const std::int64_t seed : {1, 2, 3, 4, 5}) // every seed differs by the same .02
            runs.push_back(tests::comparedRun("jump", seed, 0.62 + 0.01 * static_cast<double>(seed), 0.5));
        const std::string answer = textOf(tests::reportOn(std::move(runs)), "Answer");
        QVERIFY2(contains(answer, "No test of 1 of 2 differences: the differences do not vary."), answer.c_str());
        QVERIFY2(contains(answer, "Significant at 5 % after Holm's correction: 1 of 1."), answer.c_str());
    }

    void whatSomeRunsDoNotHave_isSaidWithItsN()
    {
        Runs runs = pairOf(0.05);
        for (std::size_t i = 0; i < runs.size(); ++i) // PGR is refused for two seeds of the baseline
            if (i != 1 && i != 4)
                runs[i].detail.generations[1].pgr = Estimate{0.2 + 0.01 * static_cast<double>(i * i), 0.1, 0.9, 400};
        const Report report = tests::reportOn(std::move(runs));
        const std::string results = textOf(report, "Results");
        QVERIFY2(contains(results, ", n = 3\n"), results.c_str());
        QVERIFY2(contains(results, ", 3 pairs\n"), results.c_str());
        const std::vector<std::string> words = pointWords(report, "PGR");
        QCOMPARE(words.size(), std::size_t{2});
        QVERIFY2(words[0].ends_with(", 3 runs"), words[0].c_str());
        QVERIFY2(words[1].ends_with(", 5 runs"), words[1].c_str());
        QVERIFY2(contains(captionsOf(report), "has fewer marks; the table says n"), captionsOf(report).c_str());
        const Report whole = tests::reportOn(pairOf(0.05));
        QVERIFY(!contains(captionsOf(whole), "fewer marks") && !contains(textOf(whole, "Results"), "pairs"));
    }

    void whatIsToldInSentences_hasItsNToo()
    {
        Runs runs = pairOf(0.05);
        for (std::size_t i = 0; i < runs.size(); ++i) // seeds 1 and 2 have no ceiling in the baseline
            if (i > 1)
                runs[i].detail.generations[1].excessImitation =
                    Estimate{0.1 + 0.01 * static_cast<double>(i * i), 0.0, 0.9, 400};
        const std::string answer = textOf(tests::reportOn(std::move(runs)), "Answer");
        QVERIFY2(contains(answer, "(n = 3)."), answer.c_str());
        QVERIFY2(contains(answer, ", 3 pairs)"), answer.c_str());
    }
};

} // namespace

GRADUS_SUITE(CountsTest)
#include "counts_test.moc"
