// SPDX-License-Identifier: GPL-3.0-or-later
// The table's figures by hand, what counts in them, and that its texts say the same numbers.
#include "compare/comparison_table.h"
#include "compare/table_text.h"

#include "support/compared_runs.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>

#include <nlohmann/json.hpp>

using namespace gradus;
using namespace gradus::compare;
using tests::comparedRun;

namespace {

std::vector<ComparedRun> twoConditions()
{
    return {comparedRun("fixed", 1, .70, .60),    comparedRun("fixed", 2, .72, .62),
            comparedRun("fixed", 3, .74, .64),    comparedRun("schedule", 1, .80, .50),
            comparedRun("schedule", 2, .83, .50), comparedRun("schedule", 3, .83, .53)};
}

std::size_t columnOf(const ComparisonTable& table, const std::string& id)
{
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (table.columns[i].id == id) return i;
    qFatal("no column %s", id.c_str());
}

bool near(double a, double b, double tolerance = 1e-12)
{
    return std::abs(a - b) <= tolerance;
}

/// RFC 4180, enough for what is written here.
QList<QStringList> parsedCsv(const std::string& text)
{
    QList<QStringList> rows;
    for (const QString& line : QString::fromStdString(text).split('\n', Qt::SkipEmptyParts)) {
        QStringList fields{QString()};
        bool quoted = false;
        for (qsizetype i = 0; i < line.size(); ++i) {
            if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
                fields.last() += line[++i];
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
                fields << QString();
            else
                fields.last() += line[i];
        }
        rows << fields;
    }
    return rows;
}

} // namespace

class ComparisonTableTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void groups_haveMeansDifferencesAndTests()
    {
        const auto runs = twoConditions();
        const ComparisonTable table = comparisonTable(runs, grouped(runs), {});
        QCOMPARE(table.rows.size(), std::size_t(2));
        const std::size_t utility = columnOf(table, "utility/competence");
        const TableCell& fixed = table.rows[0].cells[utility];
        QVERIFY(near(fixed.value->value, 0.72));
        QCOMPARE(fixed.value->n, 3LL);
        // s = .02, t(.975, 2) = 4.302653: half = 4.302653 * .02 / sqrt 3
        QVERIFY(near(fixed.value->high - .72, 4.302653 * .02 / std::sqrt(3.0), 1e-7));
        QVERIFY(table.rows[0].baseline && !fixed.difference);
        const TableCell& schedule = table.rows[1].cells[utility];
        QVERIFY(schedule.best && !fixed.best);
        QVERIFY(schedule.difference->paired);
        QVERIFY(near(schedule.difference->estimate.value, 0.10));
        QVERIFY(schedule.p && *schedule.p < 0.01);
        QVERIFY2(table.note.find("paired t test, 3 seeds") != std::string::npos, table.note.c_str());
        const TableCell& imitation = table.rows[1].cells[columnOf(table, "imitation/rate")];
        QVERIFY2(imitation.best, "a lower imitation rate is better");
    }
    void tooFewRunsForAPermutation_areToldSo()
    {
        const auto runs = twoConditions();
        const ComparisonTable table = comparisonTable(runs, grouped(runs), {.test = TestKind::Permutation});
        const TableCell& cell = table.rows[1].cells[0];
        QVERIFY(cell.difference && !cell.p);
        QCOMPARE(cell.noP, std::string("so few runs cannot give p below 0.25"));
        QVERIFY2(table.note.find("No p: so few runs") != std::string::npos, table.note.c_str());
    }
    void severalComparisons_areAdjustedTogether()
    {
        auto runs = twoConditions();
        for (const std::int64_t seed : {1, 2, 3})
            runs.push_back(comparedRun("jump", seed, .71 + .013 * static_cast<double>(seed * seed % 3), .6));
        const ComparisonTable table = comparisonTable(runs, grouped(runs), {});
        const TableCell& cell = table.rows[1].cells[columnOf(table, "utility/competence")];
        QVERIFY(near(*cell.p, 2 * cell.difference->student->p));
        QVERIFY2(table.note.find("Holm over 2") != std::string::npos, table.note.c_str());
    }
    void livingRuns_waitOutsideTheFigures()
    {
        auto runs = twoConditions();
        runs[2].detail.run.state = store::RunState::Running;
        runs[2].detail.generations[1].utility = Estimate{.1, .05, .15, 2000};
        const ComparisonTable table = comparisonTable(runs, grouped(runs), {});
        const TableRow& fixed = table.rows[0];
        QVERIFY(near(fixed.cells[columnOf(table, "utility/competence")].value->value, 0.71));
        QCOMPARE(fixed.runs, std::size_t(2));
        QCOMPARE(fixed.unfinished, std::size_t(1));
    }
    void rolledBackGenerations_areNotTheEnd()
    {
        std::vector<ComparedRun> runs{comparedRun("fixed", 1, .9, .5)};
        runs[0].detail.generations[1].rolledBack = true;
        const ComparisonTable table = comparisonTable(runs, grouped(runs), {});
        const TableCell& cell = table.rows[0].cells[columnOf(table, "utility/competence")];
        QVERIFY(near(cell.value->value, .5));
        QVERIFY(cell.overItems);
        QCOMPARE(cell.value->n, 2000LL);
        QVERIFY2(near(table.rows[0].cells[columnOf(table, "compute/flop")].value->value, 2e12),
                 "what was rolled back was spent as well");
    }
    void medians_haveABootstrapInterval()
    {
        const auto runs = twoConditions();
        const ComparisonTable table = comparisonTable(runs, grouped(runs), {.centre = Centre::Median});
        const TableCell& cell = table.rows[1].cells[columnOf(table, "utility/competence")];
        QVERIFY(near(cell.value->value, .83));
        QVERIFY(near(cell.value->low, .80));
        QVERIFY2(table.note.find("Median") == 0 && table.note.find("bootstrap") != std::string::npos,
                 table.note.c_str());
    }
    void runs_standInRowsOfTheirOwn()
    {
        const auto runs = twoConditions();
        const ComparisonTable table = comparisonTable(runs, grouped(runs), {.byRun = true});
        QCOMPARE(table.rows.size(), std::size_t(6));
        QCOMPARE(table.rows[4].seed, std::int64_t(2));
        QVERIFY(table.rows[4].cells[0].overItems);
        QVERIFY(!table.rows[4].cells[0].difference);
        QVERIFY2(table.rows[4].cells[0].best && table.rows[5].cells[0].best, "equal figures are both best");
    }
    void noBaseline_noDifferences()
    {
        const auto runs = twoConditions();
        for (const std::optional<std::size_t> baseline :
             {std::optional<std::size_t>(), std::optional<std::size_t>(7)}) {
            const ComparisonTable table = comparisonTable(runs, grouped(runs), {.baseline = baseline});
            QVERIFY(!table.rows[1].cells[0].difference && !table.rows[0].baseline);
        }
    }
    void csv_readsBackToTheVeryNumbers()
    {
        auto runs = twoConditions();
        for (ComparedRun& run : runs)
            run.detail.run.condition += ", \"=cmd\"";
        const ComparisonTable table = comparisonTable(runs, grouped(runs), {});
        const QList<QStringList> rows = parsedCsv(textOf(table, TextFormat::Csv));
        const QStringList head = rows.front();
        int read = 0;
        for (const QStringList& row : rows.mid(1)) {
            QCOMPARE(row.size(), head.size());
            for (const TableRow& shown : table.rows) {
                if (row[head.indexOf("group")] != QString::fromStdString(shown.label)) continue;
                const TableCell& cell = shown.cells[columnOf(table, row[head.indexOf("metric")].toStdString())];
                QCOMPARE(row[head.indexOf("value")].toDouble(), cell.value->value);
                QCOMPARE(row[head.indexOf("low")].toDouble(), cell.value->low);
                QCOMPARE(row[head.indexOf("n")].toLongLong(), cell.value->n);
                QCOMPARE(row[head.indexOf("difference")].isEmpty(), !cell.difference.has_value());
                if (cell.difference) {
                    QCOMPARE(row[head.indexOf("difference")].toDouble(), cell.difference->estimate.value);
                    if (cell.p) QCOMPARE(row[head.indexOf("p_adjusted")].toDouble(), *cell.p);
                }
                ++read;
            }
        }
        QCOMPARE(read, static_cast<int>(2 * table.columns.size()));
    }
    void cellsOnFewerRuns_sayHowMany()
    {
        auto runs = twoConditions();
        runs.push_back(comparedRun("fixed", 4, .9, .64));
        runs[0].detail.generations.back().imitation.reset();
        runs[1].detail.generations.back().imitation = Estimate{std::nan(""), 0, 0, 2000};
        ComparisonTable table = comparisonTable(runs, grouped(runs), {});
        const std::size_t rate = columnOf(table, "imitation/rate");
        QCOMPARE(table.rows[0].runs, std::size_t(4));
        QCOMPARE(table.rows[0].cells[rate].runs, std::size_t(2));
        QCOMPARE(countNote(table.rows[0], table.rows[0].cells[rate]), std::string("n = 2, 1 not finite"));
        QCOMPARE(countNote(table.rows[1], table.rows[1].cells[rate]), std::string());
        QVERIFY(near(table.rows[0].cells[rate].value->value, .64));
        for (const TextFormat format : {TextFormat::Markdown, TextFormat::Latex}) {
            const std::string text = textOf(table, format);
            QVERIFY2(text.find("n = 2, 1 not finite") != std::string::npos, text.c_str());
            QVERIFY2(text.find("n = 3") == std::string::npos, text.c_str());
        }
        QVERIFY(textOf(table, TextFormat::Csv).find(",2,1\n") != std::string::npos);
        const auto document = nlohmann::json::parse(textOf(table, TextFormat::Json));
        QCOMPARE(document["rows"][0]["metrics"]["imitation/rate"]["runs_not_finite"].get<int>(), 1);

        // A single finite value is the one that is shown, whatever stands behind it.
        runs[2].detail.generations.back().imitation = Estimate{std::nan(""), 0, 0, 2000};
        runs.erase(runs.begin() + 6);
        runs[0].detail.generations.back().imitation = Estimate{.7, .68, .72, 2000};
        table = comparisonTable(runs, grouped(runs), {});
        QCOMPARE(table.rows[0].cells[rate].value->value, .7);
        QCOMPARE(countNote(table.rows[0], table.rows[0].cells[rate]), std::string("n = 1, 2 not finite"));
        table = comparisonTable(runs, grouped(runs), {.byRun = true});
        QVERIFY(!table.rows[1].cells[rate].best);
        for (const TextFormat format : {TextFormat::Markdown, TextFormat::Latex})
            QVERIFY(textOf(table, format).find("NaN") != std::string::npos);
    }
    void json_holdsTheSame()
    {
        const auto runs = twoConditions();
        const ComparisonTable table = comparisonTable(runs, grouped(runs), {});
        const auto document = nlohmann::json::parse(textOf(table, TextFormat::Json));
        const auto& figure = document["rows"][1]["metrics"]["utility/competence"];
        const TableCell& cell = table.rows[1].cells[columnOf(table, "utility/competence")];
        QCOMPARE(figure["value"].get<double>(), cell.value->value);
        QCOMPARE(figure["difference"]["low"].get<double>(), cell.difference->estimate.low);
        QCOMPARE(figure["difference"]["p_adjusted"].get<double>(), *cell.p);
    }
    void groupsOnAnotherTask_areHeldAgainstTheirOwn()
    {
        std::vector<ComparedRun> runs;
        for (const bool math : {false, true})
            for (const char* controller : {"fixed", "schedule"})
                for (const std::int64_t seed : {1, 2, 3}) {
                    const double step = controller[0] == 'f' ? 0.0 : 0.02 + 0.001 * static_cast<double>(seed * seed);
                    runs.push_back(comparedRun(controller, seed, (math ? .30 : .60) + step, .50,
                                               [&](spec::Experiment& experiment) {
                                                   if (math) experiment.task.name = "builtin:registers/math";
                                               }));
                }
        const auto table = comparisonTable(runs, grouped(runs), {.baseline = 1});
        QCOMPARE(table.rows.size(), std::size_t{4});
        QVERIFY(!table.rows[0].baseline && table.rows[1].baseline && table.rows[2].baseline && !table.rows[3].baseline);
        QCOMPARE(*table.rows[0].against, std::size_t{1});
        QCOMPARE(*table.rows[3].against, std::size_t{2});
        const double step = 0.02 + 0.001 * 14 / 3;
        QVERIFY(near(table.rows[0].cells[0].difference->estimate.value, -step));
        QVERIFY(near(table.rows[3].cells[0].difference->estimate.value, step));
        QVERIFY(table.rows[1].cells[0].best && table.rows[3].cells[0].best && !table.rows[2].cells[0].best);
        QVERIFY(table.note.find("Each task has a baseline of its own.") != std::string::npos);
    }
    void papers_getEscapedNamesAndBoldBests()
    {
        auto runs = twoConditions();
        for (ComparedRun& run : runs)
            run.detail.run.condition += " | 50% _x_";
        const ComparisonTable table = comparisonTable(runs, grouped(runs), {});
        const std::string markdown = textOf(table, TextFormat::Markdown);
        QVERIFY2(markdown.find("fixed \\| 50% \\_x\\_ (baseline)") != std::string::npos, markdown.c_str());
        QVERIFY2(markdown.find("**0.820** ± 0.043 (+0.100, p = ") != std::string::npos, markdown.c_str());
        const std::string latex = textOf(table, TextFormat::Latex);
        QVERIFY2(latex.find("| 50\\% \\_x\\_ & 3 & $\\mathbf{0.820} \\pm 0.043$") != std::string::npos, latex.c_str());
        QVERIFY(latex.find("2.00 \\times 10^{12}") != std::string::npos);
    }
};
GRADUS_SUITE(ComparisonTableTest)
#include "comparison_table_test.moc"
