// SPDX-License-Identifier: GPL-3.0-or-later
// What only a procedure measures stands in the tables of its runs, in a part of its own, and nowhere else.
#include "compare/comparison_table.h"
#include "compare/table_text.h"

#include "support/compared_runs.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::compare;
using tests::comparedRun;

namespace {

ComparedRun withSeries(ComparedRun run, const std::string& name, std::vector<double> values)
{
    store::SeriesPoints series{name, {}};
    std::int64_t step = 0;
    for (const double value : values)
        series.points.push_back({.step = ++step, .value = value});
    run.series.push_back(std::move(series));
    return run;
}

ComparedRun withRound(ComparedRun run, const std::string& details)
{
    run.detail.events.push_back({.kind = "discovery.coverage", .sentence = {}, .detailsJson = details});
    return run;
}

std::optional<Estimate> figure(const std::string& id, const ComparedRun& run)
{
    return finalValue(*findFinalMetric(id), run);
}

} // namespace

class ProcedureFiguresTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void parts_areAnyRunsAndThenEachProcedures()
    {
        const auto parts = partsOf(finalMetrics());
        QCOMPARE(parts.size(), 4U);
        QCOMPARE(parts[0].procedure, std::string());
        QCOMPARE(parts[0].first, 0U);
        for (std::size_t i = 1; i < parts.size(); ++i) {
            QVERIFY(!parts[i].procedure.empty());
            QCOMPARE(parts[i].first, parts[i - 1].last);
        }
        QCOMPARE(parts.back().last, finalMetrics().size());
        QVERIFY(partsOf({}).empty());
    }
    void debates_haveTheirVerdictsBySideAndOrder()
    {
        const ComparedRun run = withSeries(withSeries(comparedRun("fixed", 1, .9, .5), "debate/first_lying", {.7}),
                                           "debate/swap_bias", {-.02});
        QCOMPARE(figure("debate/first_lying", run)->value, .7);
        QCOMPARE(figure("debate/swap_bias", run)->value, -.02);
        QVERIFY(!figure("debate/first_honest", run));
    }
    void writings_endWithTheirLastRound()
    {
        const ComparedRun run =
            withSeries(comparedRun("fixed", 1, .9, .5), "diversity/vendi", {6.5, 3.25, std::nan("")});
        QCOMPARE(figure("diversity/vendi", run)->value, 3.25);
    }
    void discovery_isWhatAllRoundsFound()
    {
        const ComparedRun simulated =
            withRound(withRound(comparedRun("fixed", 1, .9, .5),
                                R"({"episodes":100,"hazards":7,"in_cells":0,"disagreements":0})"),
                      R"({"episodes":40,"hazards":0,"in_cells":0,"disagreements":0})");
        QCOMPARE(figure("discovery/episodes", simulated)->value, 140.0);
        QCOMPARE(figure("discovery/hazards", simulated)->value, 7.0);
        // Nothing real, so that no outcome could differ: that is no zero.
        QVERIFY(!figure("discovery/disagreements", simulated));
        const ComparedRun real = withRound(simulated, R"({"episodes":10,"hazards":1,"in_cells":10,"disagreements":2})");
        QCOMPARE(figure("discovery/disagreements", real)->value, 2.0);
        QCOMPARE(figure("discovery/in_cells", real)->value, 10.0);
        for (const char* hostile : {"", "[]", "{", R"({"episodes":"many"})"})
            QVERIFY(!figure("discovery/episodes", withRound(comparedRun("fixed", 1, .9, .5), hostile)));
    }
    void markdownAndLatex_haveATableForEachPart()
    {
        std::vector<ComparedRun> runs;
        for (const std::int64_t seed : {1, 2})
            for (const char* controller : {"fixed", "schedule"})
                runs.push_back(withSeries(comparedRun(controller, seed, .6, .5), "debate/inconsistent",
                                          {.03 * static_cast<double>(seed)}));
        const ComparisonTable table = comparisonTable(runs, grouped(runs), {});
        const std::string markdown = textOf(table, TextFormat::Markdown);
        QCOMPARE(QString::fromStdString(markdown).count(QStringLiteral("| condition | n |")), 2);
        QVERIFY2(markdown.find("| condition | n | verdict changes, with the order |") != std::string::npos,
                 markdown.c_str());
        QCOMPARE(QString::fromStdString(textOf(table, TextFormat::Latex)).count(QStringLiteral("\\toprule")), 2);
        // Runs of no such procedure have one table, as ever.
        const std::vector<ComparedRun> plain{comparedRun("fixed", 1, .6, .5), comparedRun("schedule", 1, .6, .5)};
        const std::string one = textOf(comparisonTable(plain, grouped(plain), {}), TextFormat::Markdown);
        QCOMPARE(QString::fromStdString(one).count(QStringLiteral("| condition | n |")), 1);
    }
};

GRADUS_SUITE(ProcedureFiguresTest)
#include "procedure_figures_test.moc"
