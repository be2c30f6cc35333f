// SPDX-License-Identifier: GPL-3.0-or-later
// Intervals of shares end where shares end, and runs that end alike have the interval of their items.
#include "compare/comparison_table.h"
#include "compare/table_text.h"

#include "support/compared_runs.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>

using namespace gradus;
using namespace gradus::compare;
using tests::comparedRun;

namespace {

std::vector<ComparedRun> withUtilities(const std::vector<double>& values)
{
    std::vector<ComparedRun> runs;
    for (std::size_t i = 0; i < values.size(); ++i)
        runs.push_back(comparedRun("fixed", static_cast<std::int64_t>(i + 1), values[i], .5));
    return runs;
}

TableCell cellOf(const std::vector<ComparedRun>& runs, const std::string& id, std::string* note = nullptr)
{
    const ComparisonTable table = comparisonTable(runs, grouped(runs), {});
    if (note) *note = table.note;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (table.columns[i].id == id) return table.rows[0].cells[i];
    return {};
}

} // namespace

class ShareIntervalsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aShare_hasNoIntervalBeyondOne()
    {
        std::string note;
        const TableCell cell = cellOf(withUtilities({.99, 1.0, 1.0, 1.0}), "utility/competence", &note);
        // 0.9975 ± 3.182 x 0.005 / 2 would end at 1.005.
        QCOMPARE(cell.value->high, 1.0);
        QVERIFY(cell.cut && cell.value->low < .99);
        QVERIFY2(note.find("cut at 0 and 1") != std::string::npos, note.c_str());
    }
    void aShare_hasNoIntervalBelowNothing()
    {
        const TableCell cell = cellOf(withUtilities({.0, .0, .01, .0}), "utility/competence");
        QCOMPARE(cell.value->low, 0.0);
        QVERIFY(cell.cut && cell.value->high > .01);
    }
    void whatIsNoShare_isNotCut()
    {
        auto runs = withUtilities({.5, .6});
        for (std::size_t i = 0; i < runs.size(); ++i)
            runs[i].detail.generations[1].pgr = Estimate{.9 + .2 * static_cast<double>(i), .5, 1.5, 400};
        const TableCell cell = cellOf(runs, "pgr");
        QVERIFY(cell.value->high > 1 && !cell.cut);
        std::string note;
        QVERIFY(!cellOf(withUtilities({.5, .6, .55}), "utility/competence", &note).cut);
        QVERIFY(note.find("cut at") == std::string::npos);
    }
    void runsThatEndAlike_haveTheIntervalOfOneRunsItems()
    {
        auto runs = withUtilities({.552, .552, .552});
        for (ComparedRun& run : runs)
            run.detail.generations[1].harm = Estimate{0, 0, .010, 400};
        std::string note;
        const TableCell utility = cellOf(runs, "utility/competence", &note);
        QCOMPARE(utility.value->low, .532);
        QCOMPARE(utility.value->high, .572);
        QCOMPARE(utility.value->n, 2000LL); // of one run: more runs on the same items tell no more of the items
        QVERIFY(utility.overItems);
        QCOMPARE(utility.runs, 3U);
        QVERIFY2(note.find("Where all runs of a condition end alike") != std::string::npos, note.c_str());
        QCOMPARE(cellOf(runs, "harm/rate").value->high, .010);
        QCOMPARE(cellOf(runs, "utility/conformity").value->low, .990);
        // What has no items keeps no interval: all ran as many generations.
        QCOMPARE(cellOf(runs, "generations").value->low, 2.0);
    }
    void unevenIntervals_areWrittenWithBothEnds()
    {
        const auto runs = withUtilities({.99, 1.0, 1.0, 1.0});
        const ComparisonTable table = comparisonTable(runs, grouped(runs), {});
        const std::string markdown = textOf(table, TextFormat::Markdown);
        QVERIFY2(markdown.find(" [0.990, 1.000]") != std::string::npos, markdown.c_str());
        const std::string latex = textOf(table, TextFormat::Latex);
        QVERIFY2(latex.find("\\ [0.990, 1.000]") != std::string::npos, latex.c_str());
    }
};

GRADUS_SUITE(ShareIntervalsTest)
#include "share_intervals_test.moc"
