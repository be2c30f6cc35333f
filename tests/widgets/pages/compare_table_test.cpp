// SPDX-License-Identifier: GPL-3.0-or-later
// The table of Compare: the store's figures, sorting, copying, contrasts of a file and of a person.
#include "compare_bench.h"

#include "pages/compare/summary_table.h"
#include "pages/compare/table_tab.h"
#include "store/database.h"

#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>
#include <cmath>

using namespace gradus;
using pages::ComparePage;
using tests::CompareBench;
using viewmodels::ComparisonTableModel;

namespace {

double cellValue(const compare::ComparisonTable& table, int row, const std::string& metric)
{
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (table.columns[i].id == metric) return table.rows[static_cast<std::size_t>(row)].cells[i].value->value;
    return std::nan("");
}

class CompareTableTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void table_hasTheStoresFiguresAndNamesItsTest()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.setTab(ComparePage::Table);
        double sum = 0;
        for (int i = 3; i < 6; ++i)
            sum += *bench.page.comparison().data().runs[static_cast<std::size_t>(i)].detail.run.lastUtility;
        const auto& table = bench.page.table()->model().table();
        QVERIFY(std::abs(cellValue(table, 1, "utility/competence") - sum / 3) < 1e-12);
        auto* note = bench.page.findChild<QLabel*>("tableNote");
        QVERIFY2(note->text().contains("paired t test, 3 seeds"), qPrintable(note->text()));
        auto* test = bench.page.findChild<QComboBox*>("tableTest");
        test->setCurrentIndex(1);
        QVERIFY(bench.settle(6));
        QVERIFY2(note->text().contains("so few runs cannot give p below 0.25"), qPrintable(note->text()));
        bench.page.findChild<QComboBox*>("tableRows")->setCurrentIndex(1);
        QVERIFY(bench.settle(6));
        QCOMPARE(bench.page.table()->model().rowCount(), 6);
        QVERIFY(!test->isEnabled());
    }
    void table_sortsByClickAndCopiesWhatItShows()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&bench.page));
        QVERIFY(bench.settle(6));
        bench.page.setTab(ComparePage::Table);
        bench.page.findChild<QComboBox*>("tableRows")->setCurrentIndex(1);
        QVERIFY(bench.settle(6));
        auto* view = bench.page.table()->view();
        auto* header = view->horizontalHeader();
        const int column = ComparisonTableModel::FirstMetric;
        const QPoint at(header->sectionViewportPosition(column) + header->sectionSize(column) / 2, 10);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, at);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, at);
        QVector<double> shown;
        for (const compare::TableRow& row : bench.page.table()->model().shownTable().rows)
            shown << row.cells[0].value->value;
        const bool up = std::is_sorted(shown.begin(), shown.end());
        QVERIFY(up || std::is_sorted(shown.rbegin(), shown.rend()));
        auto* copy = bench.page.findChild<QToolButton*>("tableCopy");
        copy->menu()->actions().at(2)->trigger();
        const QStringList lines = QGuiApplication::clipboard()->text().split('\n');
        QVERIFY(lines[0].startsWith("group,seed,baseline,metric,value"));
        QCOMPARE(lines[1].section(',', 4, 4).toDouble(), shown.first());
        copy->menu()->actions().at(0)->trigger();
        QVERIFY(QGuiApplication::clipboard()->text().startsWith("| condition | n | competence, utility |"));
        copy->menu()->actions().at(1)->trigger();
        QVERIFY(QGuiApplication::clipboard()->text().contains("\\begin{tabular}"));
    }
    void table_holdsWhatTheFileAsksFor_andWhatIsAdded()
    {
        CompareBench bench;
        const auto ids =
            tests::addSampleExperiment(*bench.writer, "asked", {"fixed", "schedule", "jump"}, {1, 2, 3}, 2);
        auto database =
            store::Database::open(bench.folder.filePath("gradus.db").toStdString(), store::Access::ReadWrite);
        QVERIFY(database.ok());
        QVERIFY(database
                    ->script("UPDATE experiment SET source = source || '\n[report]\ncontrasts = "
                             "[[\"gap.controller = schedule\", \"gap.controller = jump\"],"
                             " [\"gap.controller = pi\", \"gap.controller = fixed\"]]\n' WHERE name = 'asked'")
                    .ok());
        for (std::size_t i = 0; i < ids.size(); ++i)
            tests::writeFinishedRun(*bench.writer, {.runId = ids[i],
                                                    .generations = 2,
                                                    .stepsPerGeneration = 100,
                                                    .seed = static_cast<std::int64_t>(i + 1)});
        QVERIFY(bench.writer->flush());
        bench.page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&bench.page));
        bench.page.setTab(ComparePage::Table);
        QVERIFY(bench.settle(9));
        auto& model = bench.page.table()->model();
        const auto lastRow = [&] { return model.index(model.rowCount() - 1, 0).data().toString(); };
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(lastRow(), QStringLiteral("schedule minus jump"));
        QCOMPARE(compare::testsIn(model.table(), 0), std::size_t(3));
        QVERIFY(
            bench.page.findChild<QLabel*>("tableNote")
                ->text()
                .contains(QStringLiteral("not among these runs: gap.controller = pi minus gap.controller = fixed.")));
        const auto asked = *model.table().contrasts[0].cells[0].p;

        auto* button = bench.page.findChild<QPushButton*>("tableContrasts");
        QCOMPARE(button->text(), QStringLiteral("Contrasts (2)"));
        QTest::mouseClick(button, Qt::LeftButton);
        auto* popover = bench.page.findChild<QFrame*>("contrastPopover");
        QVERIFY(QTest::qWaitForWindowExposed(popover));
        QVERIFY(popover->findChildren<QToolButton*>("removeContrast").isEmpty()); // a file's question stays
        auto* group = popover->findChild<QComboBox*>("contrastGroup");
        auto* minus = popover->findChild<QComboBox*>("contrastMinus");
        auto* add = popover->findChild<QPushButton*>("addContrast");
        minus->setCurrentIndex(group->currentIndex());
        QVERIFY(!add->isEnabled() && add->toolTip().contains("itself"));
        group->setCurrentIndex(1);
        minus->setCurrentIndex(2);
        QVERIFY2(!add->isEnabled() && add->toolTip().contains("has it"), qPrintable(add->toolTip()));
        group->setCurrentIndex(2);
        minus->setCurrentIndex(0);
        const viewmodels::ViewFile before = bench.page.view();
        QTest::mouseClick(add, Qt::LeftButton);
        QVERIFY(bench.settle(9));
        QCOMPARE(lastRow(), QStringLiteral("jump minus fixed"));
        // The baseline's row tests that one already; the family is what it was.
        QCOMPARE(compare::testsIn(model.table(), 0), std::size_t(3));
        QCOMPARE(*model.table().contrasts[0].cells[0].p, asked);
        QVERIFY2(bench.page.table()->command().contains("'--against=gap.controller = jump=gap.controller = fixed'"),
                 qPrintable(bench.page.table()->command()));
        QVERIFY(bench.page.table()->text(compare::TextFormat::Markdown).contains("| gap.controller = jump minus gap"));
        for (const common::Theme theme : {common::Theme::Dark, common::Theme::Light}) {
            bench.theme.setTheme(theme);
            if (const QString folder = qEnvironmentVariable("GRADUS_SHOTS"); !folder.isEmpty()) {
                const QString suffix = QLatin1String(common::nameOf(theme)) + QStringLiteral(".png");
                QVERIFY(popover->grab().save(folder + "/contrasts-" + suffix));
                QVERIFY(bench.page.grab().save(folder + "/contrast-table-" + suffix));
            }
        }
        const viewmodels::ViewFile after = bench.page.view();
        QTest::mouseClick(popover->findChild<QToolButton*>("removeContrast"), Qt::LeftButton);
        QVERIFY(bench.settle(9));
        QCOMPARE(lastRow(), QStringLiteral("schedule minus jump"));
        QVERIFY(bench.page.view() == before);
        popover->hide();
        bench.page.undoStack().undo();
        QVERIFY(bench.settle(9));
        QVERIFY(bench.page.view() == after);
        QCOMPARE(lastRow(), QStringLiteral("jump minus fixed"));
        // Rows of runs have none, and groups that are gone wait for their return.
        bench.page.findChild<QComboBox*>("tableRows")->setCurrentIndex(1);
        QVERIFY(bench.settle(9));
        QCOMPARE(model.rowCount(), 9);
        QVERIFY(!button->isEnabled());
        bench.page.findChild<QComboBox*>("tableRows")->setCurrentIndex(0);
        bench.page.choose(QSet<std::int64_t>(ids.begin(), ids.begin() + 6));
        QVERIFY(bench.settle(6));
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(!bench.page.table()->command().contains("--against"));
        bench.page.choose(QSet<std::int64_t>(ids.begin(), ids.end()));
        QVERIFY(bench.settle(9));
        QCOMPARE(lastRow(), QStringLiteral("jump minus fixed"));
    }
};

} // namespace

GRADUS_SUITE(CompareTableTest)
#include "compare_table_test.moc"
