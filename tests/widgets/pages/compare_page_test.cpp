// SPDX-License-Identifier: GPL-3.0-or-later
// The Compare page over a real store: real eyes, keys and clicks, and figures against those computed by hand.
#include "support/pdf_paths.h"
#include "support/sample_runs.h"
#include "support/suite.h"

#include "pages/compare/charts_tab.h"
#include "pages/compare/choice_panel.h"
#include "pages/compare/compare_export.h"
#include "pages/compare/compare_legend.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/compare_sheet.h"
#include "pages/compare/diff_tab.h"
#include "pages/compare/heat_map.h"
#include "pages/compare/options_bar.h"
#include "pages/compare/relations_tab.h"
#include "pages/compare/schedule_overlay.h"
#include "pages/compare/summary_table.h"
#include "pages/compare/table_tab.h"
#include "pages/shared/runs_tree.h"
#include "store/database.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QTabBar>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include <algorithm>
#include <cmath>

using namespace gradus;
using pages::ComparePage;
using viewmodels::ComparisonTableModel;

namespace {

constexpr int kWait = 8000 * tests::kPatience;

/// A store with two sweeps and a page that follows it.
class Bench
{
public:
    Bench() : theme(*qApp, common::Theme::Light), page(watcher, theme)
    {
        auto opened = store::StoreWriter::open(folder.filePath("gradus.db").toStdString());
        if (!opened) qFatal("%s", opened.error().message.c_str());
        writer = std::move(*opened);
        older = tests::addSampleExperiment(*writer, "older", {}, {1, 2}, 2);
        for (std::size_t i = 0; i < older.size(); ++i)
            tests::writeFinishedRun(*writer,
                                    {.runId = older[i], .generations = 2, .stepsPerGeneration = 100, .seed = 9});
        ids = tests::addSampleExperiment(*writer, "gap annealing", {"fixed", "schedule"}, {1, 2, 3}, 3);
        for (std::size_t i = 0; i < ids.size(); ++i)
            tests::writeFinishedRun(*writer, {.runId = ids[i],
                                              .generations = 3,
                                              .stepsPerGeneration = 100,
                                              .seed = static_cast<std::int64_t>(i + 1)});
        if (!writer->flush()) qFatal("flush");
        page.resize(1368, 838);
        page.openStore(folder.filePath("gradus.db"));
        watcher.open(folder.filePath("gradus.db"));
    }

    bool settle(std::size_t runs)
    {
        return QTest::qWaitFor([&] { return page.isReady() && page.comparison().data().runs.size() == runs; }, kWait);
    }
    QModelIndex groupNamed(const QString& name)
    {
        for (int row = 0; row < page.choice().rowCount(); ++row)
            if (page.choice().index(row, 0).data().toString() == name) return page.choice().index(row, 0);
        return {};
    }

    QTemporaryDir folder;
    std::unique_ptr<store::StoreWriter> writer;
    std::vector<std::int64_t> older, ids;
    common::ThemeController theme;
    viewmodels::StoreWatcher watcher;
    ComparePage page;
};

double cellValue(const compare::ComparisonTable& table, int row, const std::string& metric)
{
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (table.columns[i].id == metric) return table.rows[static_cast<std::size_t>(row)].cells[i].value->value;
    return std::nan("");
}

} // namespace

class ComparePageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void newestExperiment_isComparedAtFirst()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        QCOMPARE(bench.page.comparison().data().grouping.groups.size(), std::size_t(2));
        const auto groups = bench.page.legend()->groups();
        QCOMPARE(groups.size(), 2);
        QCOMPARE(groups[0].name, QStringLiteral("fixed"));
        QCOMPARE(groups[0].runs, 3);
        QVERIFY(groups[0].baseline && !groups[1].baseline);
        QVERIFY(groups[0].style != groups[1].style);
        QVERIFY(bench.page.legend()->accessibleName().startsWith("differs only in gap.controller"));
    }
    void means_areOverAllRunsWhateverElseIsShown()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        const auto* card = bench.page.charts()->card("utility/competence");
        QVERIFY(card);
        const auto fixed = card->curves().groups.first();
        // The last evaluation of each fixed run, read from the store itself.
        double sum = 0;
        for (int i = 0; i < 3; ++i)
            sum += *bench.page.comparison().data().runs[static_cast<std::size_t>(i)].detail.run.lastUtility;
        QVERIFY(std::abs(fixed.curve.centre.back() - sum / 3) < 1e-12);
        QCOMPARE(fixed.curve.n.back(), 3);
        QVERIFY(bench.page.choice().setData(bench.groupNamed("schedule"), Qt::Unchecked, Qt::CheckStateRole));
        QVERIFY(bench.settle(3));
        const auto alone = bench.page.charts()->card("utility/competence")->curves().groups.first();
        QVERIFY2(
            alone.curve.centre == fixed.curve.centre ||
                [&] {
                    for (std::size_t i = 0; i < alone.curve.centre.size(); ++i)
                        if (!(alone.curve.centre[i] == fixed.curve.centre[i]) && !std::isnan(fixed.curve.centre[i]))
                            return false;
                    return alone.curve.centre.size() == fixed.curve.centre.size();
                }(),
            "hiding one group must not change another");
        QCOMPARE(alone.curve.n, fixed.curve.n);
    }
    void eyes_areToggledByClickAndBySpace()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&bench.page));
        QVERIFY(bench.settle(6));
        auto* tree = bench.page.findChild<pages::RunsTree*>("choiceTree");
        const QModelIndex group = bench.groupNamed("schedule");
        tree->expand(group);
        const QModelIndex run = bench.page.choice().index(0, 0, group);
        tree->scrollTo(run);
        const QRect cell = tree->visualRect(run);
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, QPoint(cell.left() + 10, cell.center().y()));
        QCOMPARE(run.data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
        QCOMPARE(group.data(Qt::CheckStateRole).toInt(), int(Qt::PartiallyChecked));
        QVERIFY(bench.settle(5));
        tree->setCurrentIndex(run);
        tree->setFocus();
        QTest::keyClick(tree, Qt::Key_Space);
        QCOMPARE(run.data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
        QVERIFY(bench.settle(6));
    }
    void choiceSurvivesTheFilter()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        auto* filter = bench.page.findChild<QLineEdit*>("choiceFilter");
        filter->setText("seed = 1");
        QTest::keyClick(filter, Qt::Key_Return);
        QCOMPARE(bench.page.choice().rowCount(bench.groupNamed("fixed")), 1);
        QCOMPARE(bench.page.choice().chosen().size(), 6);
        QVERIFY(bench.page.isReady());
        QCOMPARE(bench.page.comparison().data().runs.size(), std::size_t(6));
    }
    void nothingChosen_saysWhatToDo()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.choose({});
        QVERIFY(bench.settle(0));
        QPushButton* button = nullptr;
        for (QPushButton* one : bench.page.findChildren<QPushButton*>())
            if (one->isVisible() && one->text() == "Compare the newest experiment") button = one;
        QVERIFY(button && button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(bench.settle(6));
    }
    void oneRun_hasNoBandAndNoBaseline()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.choose({bench.ids[0]});
        QVERIFY(bench.settle(1));
        const auto curve = bench.page.charts()->card("utility/competence")->curves().groups.first().curve;
        QVERIFY(std::all_of(curve.low.begin(), curve.low.end(), [](double low) { return std::isnan(low); }));
        QCOMPARE(bench.page.options()->options().baseline, -1);
        QVERIFY(!bench.page.findChild<QToolButton*>("compareDifference")->isEnabled());
        QVERIFY2(bench.page.diff()->keys().rowCount() > 20, "one group shows all its keys");
    }
    void difference_subtractsTheBaselineSeedBySeed()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        const auto& values = bench.page.charts()->card("utility/competence")->curves();
        const double gap = values.groups[1].curve.centre.back() - values.groups[0].curve.centre.back();
        QTest::keyClick(&bench.page, Qt::Key_D);
        QTRY_VERIFY_WITH_TIMEOUT(bench.page.isReady() &&
                                     bench.page.charts()->card("utility/competence")->curves().groups.size() == 1,
                                 kWait);
        const auto& curve = bench.page.charts()->card("utility/competence")->curves().groups.first();
        QCOMPARE(curve.group, 1);
        QVERIFY(std::abs(curve.curve.centre.back() - gap) < 1e-12);
        QVERIFY2(curve.curve.low.back() < gap && curve.curve.high.back() > gap, "the band is that of the differences");
    }
    void tabs_turnByTheirNumbers()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.setFocus();
        for (int tab = ComparePage::TabCount - 1; tab >= 0; --tab) {
            QTest::keyClick(&bench.page, static_cast<Qt::Key>(Qt::Key_1 + tab));
            QCOMPARE(int(bench.page.tab()), tab);
        }
        QCOMPARE(ComparePage::tabNames().size(), int(ComparePage::TabCount));
    }
    void table_hasTheStoresFiguresAndNamesItsTest()
    {
        Bench bench;
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
        Bench bench;
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
        Bench bench;
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
    void diff_showsWhatDiffersAndFindsTheRest()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.setTab(ComparePage::Diff);
        viewmodels::DiffModel& keys = bench.page.diff()->keys();
        QCOMPARE(keys.rowCount(), 1);
        QCOMPARE(keys.index(0, 0).data().toString(), QStringLiteral("gap.controller"));
        QCOMPARE(keys.index(0, 2).data().toString(), QStringLiteral("\"schedule\""));
        QVERIFY(keys.index(0, 2).data(viewmodels::DiffModel::ChangedRole).toBool());
        QVERIFY(!bench.page.findChild<QWidget*>("confoundChip")->isVisible());
        bench.page.findChild<QCheckBox*>("differencesOnly")->click();
        QVERIFY(keys.rowCount() > 20);
        auto* search = bench.page.findChild<QLineEdit*>("diffSearch");
        QTest::keyClicks(search, "training.epochs");
        QCOMPARE(keys.rowCount(), 1);
        QVERIFY(bench.page.findChild<QLabel*>("diffCount")->text().startsWith("1 of "));
    }
    void diff_warnsOfKeysThatNoSweepVaried()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.choose({bench.older[0], bench.ids[0], bench.ids[3]});
        QVERIFY(bench.settle(3));
        bench.page.setTab(ComparePage::Diff);
        auto* chip = bench.page.findChild<QLabel*>("confoundChip");
        QVERIFY(chip->isVisible());
        QVERIFY2(chip->toolTip().contains("ladder.generations"), qPrintable(chip->toolTip()));
    }
    void schedules_areOverlaidAndRanked()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.setTab(ComparePage::Diff);
        auto* overlay = bench.page.diff()->overlay();
        QCOMPARE(overlay->ranking()->rowCount(), 1);
        QCOMPARE(overlay->ranking()->item(0, 0)->text(), QStringLiteral("gap"));
        QVERIFY2(overlay->sentence().startsWith("gap differs most"), qPrintable(overlay->sentence()));
        QCOMPARE(overlay->chart()->series().size(), 2);
        overlay->second()->setCurrentIndex(overlay->first()->currentIndex());
        QCOMPARE(overlay->ranking()->rowCount(), 0);
        QCOMPARE(overlay->sentence(), QStringLiteral("The schedules of these two are equal."));
    }
    void exportedCsvAndJson_holdTheCurvesShown()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        const QString csv = bench.folder.filePath("curves.csv");
        QVERIFY(pages::exportComparison(bench.page, csv));
        QFile file(csv);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QStringList lines = QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts);
        QVERIFY2(lines[0].startsWith("# Gradus ") && lines[0].contains("95 % t interval"), qPrintable(lines[0]));
        qsizetype at = 2;
        for (const auto& series : bench.page.curves().series)
            for (const auto& group : series.groups)
                for (std::size_t i = 0; i < group.curve.x.size(); ++i, ++at) {
                    const QStringList cells = lines[at].split(',');
                    QCOMPARE(cells[0], series.series);
                    QCOMPARE(cells[2].toDouble(), group.curve.x[i]);
                    QCOMPARE(cells[3].isEmpty(), std::isnan(group.curve.centre[i]));
                    if (!cells[3].isEmpty()) QCOMPARE(cells[3].toDouble(), group.curve.centre[i]);
                    if (!cells[4].isEmpty()) QCOMPARE(cells[4].toDouble(), group.curve.low[i]);
                    QCOMPARE(cells[6].toInt(), group.curve.n[i]);
                }
        QCOMPARE(at, lines.size());
        const QString json = bench.folder.filePath("curves.json");
        QVERIFY(pages::exportComparison(bench.page, json));
        QFile document(json);
        QVERIFY(document.open(QIODevice::ReadOnly));
        const QJsonObject read = QJsonDocument::fromJson(document.readAll()).object();
        const QJsonArray groups = read["series"].toObject()["utility/competence"].toArray();
        const auto& shown = bench.page.charts()->card("utility/competence")->curves();
        QCOMPARE(groups.size(), shown.groups.size());
        QCOMPARE(groups[1].toObject()["centre"].toArray().last().toDouble(), shown.groups[1].curve.centre.back());
    }
    void exportedSvg_drawsTheValuesShown()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&bench.page));
        QVERIFY(bench.settle(6));
        QTest::qWait(80);
        const QString path = bench.folder.filePath("charts.svg");
        QVERIFY(pages::exportComparison(bench.page, path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString svg = QString::fromUtf8(file.readAll());
        QVERIFY(svg.contains("utility/competence"));
        QVERIFY(svg.contains(QString::fromStdString(bench.page.comparison().data().runs[0].detail.run.uuid).left(8)));
        // Each mean is drawn as lines whose corners are its points, in the chart's own pixels.
        auto* card = bench.page.charts()->card("utility/competence");
        QVector<QPointF> drawn;
        static const QRegularExpression polyline("<polyline[^>]*points=\"([^\"]*)\"");
        for (auto match = polyline.globalMatch(svg); match.hasNext();)
            for (const QString& pair : match.next().captured(1).split(' ', Qt::SkipEmptyParts))
                drawn << QPointF(pair.section(',', 0, 0).toDouble(), pair.section(',', 1, 1).toDouble());
        QVERIFY(drawn.size() > 100);
        int checked = 0;
        for (const auto& group : card->curves().groups)
            for (std::size_t i = 0; i < group.curve.x.size(); ++i) {
                if (std::isnan(group.curve.centre[i])) continue;
                const QPointF at = card->chart()->toPixel({group.curve.x[i], group.curve.centre[i]});
                const bool found = std::any_of(drawn.begin(), drawn.end(), [&](const QPointF& point) {
                    return std::hypot(point.x() - at.x(), point.y() - at.y()) < 0.02;
                });
                QVERIFY2(found, qPrintable(QString("x %1, value %2").arg(group.curve.x[i]).arg(group.curve.centre[i])));
                ++checked;
            }
        QVERIFY(checked >= 60);
    }
    void exportedPdf_drawsTheValuesShown()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&bench.page));
        QVERIFY(bench.settle(6));
        QTest::qWait(80);
        const QString path = bench.folder.filePath("charts.pdf");
        QVERIFY(pages::exportComparison(bench.page, path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray pdf = file.readAll();
        const QVector<QPointF> drawn = tests::pdfCorners(pdf);
        QVERIFY(drawn.size() > 100);
        constexpr double kPoint = 72.0 / 96; // of a pixel
        const double height = tests::pdfPageSize(pdf).height();
        auto* card = bench.page.charts()->card("utility/competence");
        QPointF corner; // of the chart on the page
        for (const plot::SheetChart& one : pages::sheetOf(bench.page).charts)
            if (one.chart == card->chart()) corner = one.at;
        QVERIFY(!corner.isNull());
        int checked = 0;
        for (const auto& group : card->curves().groups)
            for (std::size_t i = 0; i < group.curve.x.size(); ++i) {
                if (std::isnan(group.curve.centre[i])) continue;
                const QPointF at = card->chart()->toPixel({group.curve.x[i], group.curve.centre[i]}) + corner;
                const bool found = std::any_of(drawn.begin(), drawn.end(), [&](const QPointF& point) {
                    return std::hypot(point.x() - kPoint * at.x(), height - point.y() - kPoint * at.y()) < 0.02;
                });
                QVERIFY2(found, qPrintable(QString("x %1, value %2").arg(group.curve.x[i]).arg(group.curve.centre[i])));
                ++checked;
            }
        QVERIFY(checked >= 60);
    }
    void exportedPicturesAndTables_areWholeFilesOrASentence()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        for (int tab = 0; tab < ComparePage::Containment; ++tab) { // which needs runs of its own: containment_tab_test
            bench.page.setTab(static_cast<ComparePage::Tab>(tab));
            for (const char* ending : {"png", "svg", "pdf", "csv", "json", "md", "tex"}) {
                const QString path = bench.folder.filePath(QString("out%1.%2").arg(tab).arg(ending));
                const auto written = pages::exportComparison(bench.page, path);
                QVERIFY2(written, written ? "" : written.error().message.c_str());
                QVERIFY2(QFileInfo(path).size() > 200, qPrintable(path));
            }
        }
        QVERIFY(!QImage(bench.folder.filePath("out0.png")).isNull());
        const auto odd = pages::exportComparison(bench.page, bench.folder.filePath("out.xlsx"));
        QVERIFY(!odd && odd.error().kind == ErrorKind::BadInput);
        QVERIFY(!pages::exportComparison(bench.page, bench.folder.filePath("none/out.svg")));
        bench.page.choose({});
        QVERIFY(bench.settle(0));
        QVERIFY(!pages::exportComparison(bench.page, bench.folder.filePath("empty.csv")));
    }
    void plane_hasEveryRunAndTheFrontThatNoneBeats()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.setTab(ComparePage::Relations);
        const auto* plane = bench.page.relations()->plane();
        QCOMPARE(plane->clouds().size(), 2);
        QVector<QPointF> all;
        for (const plot::Cloud& cloud : plane->clouds()) {
            QCOMPARE(cloud.points.size(), 3);
            QCOMPARE(cloud.path.size(), 3);
            all += cloud.points;
        }
        QVERIFY(!plane->front().isEmpty());
        for (const QPointF& best : plane->front())
            for (const QPointF& other : all)
                QVERIFY2(!(other.x() < best.x() && other.y() > best.y()), "a run beats one of the front");
        for (const QPointF& one : all) {
            const bool beaten = std::any_of(all.begin(), all.end(), [&](const QPointF& other) {
                return other.x() <= one.x() && other.y() >= one.y() && other != one;
            });
            QCOMPARE(plane->front().contains(one), !beaten);
        }
    }
    void sweep_isAGridOfMeans()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.setTab(ComparePage::Relations);
        const viewmodels::SweepGrid& grid = bench.page.relations()->heat()->grid();
        QCOMPARE(grid.rows, (QStringList{"fixed", "schedule"}));
        QCOMPARE(grid.columns, (QStringList{"1", "2", "3"}));
        QCOMPARE(*grid.at(1, 2).mean, *bench.page.comparison().data().runs[5].detail.run.lastUtility);
        bench.page.findChild<QComboBox*>("heatColumns")->setCurrentText("gap.controller");
        QCOMPARE(grid.at(0, 0).runs, 3);
        QVERIFY(!grid.at(0, 1).mean.has_value());
    }
    void hundredRuns_areComparedWithoutHoldingTheWindow()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        std::vector<std::int64_t> seeds;
        for (std::int64_t seed = 1; seed <= 25; ++seed)
            seeds.push_back(seed);
        const auto crowd =
            tests::addSampleExperiment(*bench.writer, "crowd", {"fixed", "schedule", "jump", "pi"}, seeds);
        for (std::size_t i = 0; i < crowd.size(); ++i)
            tests::writeFinishedRun(*bench.writer, {.runId = crowd[i],
                                                    .generations = 3,
                                                    .stepsPerGeneration = 200,
                                                    .seed = static_cast<std::int64_t>(i + 1)});
        QVERIFY(bench.writer->flush());
        QTRY_COMPARE_WITH_TIMEOUT(bench.page.findChild<QLabel*>("choiceCount")->text(), QStringLiteral("100 of 108"),
                                  kWait);
        QVERIFY(bench.settle(100)); // the newest experiment is compared by itself
        bench.page.choose({});
        QVERIFY(bench.settle(0));
        // A timer that is late shows how long the event loop was held.
        QElapsedTimer since;
        qint64 longest = 0;
        QTimer pulse;
        connect(&pulse, &QTimer::timeout, this, [&] { longest = std::max(longest, since.restart()); });
        QElapsedTimer whole;
        whole.start();
        since.start();
        pulse.start(1);
        bench.page.choose(QSet<std::int64_t>(crowd.begin(), crowd.end()));
        QVERIFY(bench.settle(100));
        const qint64 ready = whole.elapsed();
        QTest::qWait(150);
        pulse.stop();
        QCOMPARE(bench.page.comparison().data().grouping.groups.size(), std::size_t(4));
        qInfo("100 runs, %lld ms from choosing to curves and table; the window was held %lld ms at most", ready,
              longest);
        QVERIFY2(ready < 4000 * tests::kPatience, "from choosing to curves");
        QVERIFY2(longest < 800 * tests::kPatience, "the event loop was held");
    }
    void themes_bothPaintEveryTab()
    {
        Bench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        for (const common::Theme theme : {common::Theme::Dark, common::Theme::Light}) {
            bench.theme.setTheme(theme);
            for (int tab = 0; tab < ComparePage::TabCount; ++tab) {
                bench.page.setTab(static_cast<ComparePage::Tab>(tab));
                QTest::qWait(60);
                const QImage picture = bench.page.grab().toImage();
                QCOMPARE(picture.pixelColor(picture.width() - 3, 20), bench.theme.tokens().surface);
            }
        }
    }
};
GRADUS_SUITE(ComparePageTest)
#include "compare_page_test.moc"
