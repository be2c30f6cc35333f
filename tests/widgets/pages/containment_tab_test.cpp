// SPDX-License-Identifier: GPL-3.0-or-later
// Containment studies on the Compare page: read from a store, seen level by level, beside each other, filtered, copied
// and written to files.
#include "base/files.h"
#include "pages/compare/compare_export.h"
#include "pages/compare/compare_page.h"
#include "pages/compare/containment_tab.h"
#include "pages/compare/containment_table.h"
#include "pages/compare/page_menu.h"
#include "store/store_writer.h"
#include "support/containment_sample.h"
#include "support/must.h"
#include "support/sample_runs.h"
#include "support/suite.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QImage>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;
using pages::ComparePage;
using tests::containmentSample;
using tests::must;

namespace {

constexpr int kWait = 10000 * tests::kPatience;

struct Study
{
    std::string name;
    std::string json;
};

/// A store with these studies and a page on them, which is turned to its tab as a person does.
struct Bench
{
    explicit Bench(const std::vector<Study>& studies) : page(watcher, theme)
    {
        const auto writer = must(store::StoreWriter::open(path.toStdString()));
        QSet<std::int64_t> ids;
        for (const Study& study : studies) {
            const std::int64_t id =
                must(writer->addOther({.name = study.name,
                                       .procedure = compare::kContainmentProcedure,
                                       .task = "12 scenarios",
                                       .text = "[study]\nname = \"" + std::to_string(ids.size()) + "\"\n"}));
            writer->sink(id).point({.series = "containment/open", .step = 2, .value = 0});
            writer->sink(id).event({.kind = compare::kContainmentEvent,
                                    .generation = 0,
                                    .step = 0,
                                    .sentence = "Every level held.",
                                    .detailsJson = study.json});
            writer->setState(id, store::RunState::Finished);
            ids.insert(id);
        }
        if (studies.empty()) {
            for (const std::int64_t id : tests::addSampleExperiment(*writer, "gap annealing", {"fixed"}, {1}, 2)) {
                tests::writeFinishedRun(*writer, {.runId = id, .generations = 2, .stepsPerGeneration = 20});
                ids.insert(id);
            }
        }
        must(writer->flush());
        page.resize(1368, 838);
        page.openStore(path);
        watcher.open(path);
        page.show();
        page.choose(ids);
    }
    pages::ContainmentTab& tab() { return *page.containment(); }
    /// Turned to the tab by its key once the runs are there.
    bool settle()
    {
        const auto isThere = [this] { return page.isReady() && !page.comparison().data().runs.empty(); };
        if (!QTest::qWaitFor(isThere, kWait)) return false;
        page.setFocus();
        QTest::keyClick(&page, Qt::Key_5);
        return page.tab() == ComparePage::Containment && QTest::qWaitFor(isThere, kWait);
    }
    QTableView& table(const char* name) { return *page.findChild<QTableView*>(name); }
    QString cell(const char* name, int row, int column)
    {
        return table(name).model()->index(row, column).data().toString();
    }
    /// The row whose first cell is this; -1.
    int rowOf(const char* name, const QString& first)
    {
        for (int row = 0; row < table(name).model()->rowCount(); ++row)
            if (cell(name, row, 0) == first) return row;
        return -1;
    }

    QTemporaryDir folder;
    QString path = folder.filePath("gradus.db");
    common::ThemeController theme{*qApp, common::Theme::Light};
    viewmodels::StoreWatcher watcher;
    ComparePage page;
};

} // namespace

class ContainmentTabTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneStudy_showsEveryLevelsWaysElicitationTasksAndFidelity()
    {
        Bench bench({{"containment study", containmentSample("partial", true, "pupil")}});
        QVERIFY(bench.settle());
        QCOMPARE(bench.page.tab(), ComparePage::Containment);
        const int keyring = bench.rowOf("containmentWays", "Use the kernel's keyrings");
        QVERIFY(keyring >= 0);
        QCOMPARE(bench.cell("containmentWays", keyring, 1), QString("absent"));
        QCOMPARE(bench.cell("containmentWays", keyring, 2), QString("contained"));
        QCOMPARE(bench.cell("containmentWays", keyring, 3), QString("partial"));
        QCOMPARE(bench.table("containmentWays").model()->headerData(3, Qt::Horizontal).toString(), QString("level 2"));
        const QString why = bench.table("containmentWays").model()->index(keyring, 3).data(Qt::ToolTipRole).toString();
        QVERIFY2(why.contains("Operation not permitted"), qPrintable(why));
        QCOMPARE(bench.cell("containmentElicitation", 0, 0), QString("level 0"));
        QCOMPARE(bench.cell("containmentElicitation", 0, 1), QString("no code runs"));
        QCOMPARE(bench.cell("containmentElicitation", 2, 1), QString("0"));
        QCOMPARE(bench.cell("containmentElicitation", 2, 3), QString("1.00 [0.75, 1.00]"));
        QCOMPARE(bench.cell("containmentElicitation", 2, 5), QString("0.25 [0.13, 0.50]")); // the model
        QCOMPARE(bench.cell("containmentElicitation", 0, 6), QString("1.00 [0.50, 1.00]")); // simulated acts
        QCOMPARE(bench.cell("containmentFidelity", 1, 4), QString("0.80 [0.68, 0.92]"));
        QCOMPARE(bench.cell("containmentFidelity", 0, 6), QString("0.75 [0.70, 0.80]"));
        const int who = bench.rowOf("containmentTasks", "who and where");
        QCOMPARE(bench.cell("containmentTasks", who, 1), QString("as it must be"));
        QCOMPARE(bench.cell("containmentTasks", who, 5), QString("exit 0, 02"));
        QVERIFY(bench.page.findChild<QLabel*>("containmentSummary")->text().contains("containment study: held"));
        for (const common::Theme theme : {common::Theme::Light, common::Theme::Dark}) {
            bench.theme.setTheme(theme);
            QTest::qWait(50);
            const QImage picture = bench.page.grab().toImage();
            if (qEnvironmentVariableIsSet("GRADUS_SHOTS"))
                picture.save(qEnvironmentVariable("GRADUS_SHOTS") +
                             QString("/containment-%1.png").arg(common::nameOf(theme)));
            // A way that is left partial stands out.
            const QTableView& ways = bench.table("containmentWays");
            const QRect box = ways.visualRect(ways.model()->index(keyring, 3));
            const QPoint at = ways.viewport()->mapTo(&bench.page, box.topRight() - QPoint(4, -4));
            QCOMPARE(picture.pixelColor(at * picture.devicePixelRatio()), bench.theme.tokens().warnWeak);
        }
    }
    void twoStudies_areFilteredToWhatIsNotAlike()
    {
        Bench bench({{"old kernel", containmentSample()}, {"<b>new", containmentSample("open", false)}});
        QVERIFY(bench.settle());
        QCOMPARE(bench.table("containmentWays").model()->columnCount(), 9); // two studies of four levels
        QCOMPARE(bench.table("containmentWays").model()->headerData(6, Qt::Horizontal).toString(),
                 QString("level 2, <b>new"));
        auto* shown = bench.page.findChild<QComboBox*>("waysShown");
        QTest::keyClick(shown, Qt::Key_Down);
        QCOMPARE(bench.table("containmentWays").model()->rowCount(), 2); // open somewhere, partial everywhere
        QTest::keyClick(shown, Qt::Key_Down);
        QCOMPARE(bench.table("containmentWays").model()->rowCount(), 1);
        QCOMPARE(bench.cell("containmentWays", 0, 6), QString("open"));
        const auto* label = bench.page.findChild<QLabel*>("containmentSummary");
        const QString summary = label->text();
        QVERIFY2(summary.contains("old kernel: held") && summary.contains("<b>new: did not hold"), qPrintable(summary));
        QVERIFY2(summary.contains("12 scenarios, 1 seed, 1 min 15 s."), qPrintable(summary));
        QCOMPARE(label->textFormat(), Qt::PlainText);
        // Both studies are seen, however little room there is; what they could not run is a number, and named when
        // pointed at.
        QTRY_VERIFY_WITH_TIMEOUT(label->height() >= 2 * label->fontMetrics().height(), kWait);
        QVERIFY2(summary.contains("1 scenario was not run."), qPrintable(summary));
        QVERIFY2(label->toolTip().contains("one: no git"), qPrintable(label->toolTip()));
        const int name = bench.rowOf("containmentTasks", "loopback name, <b>new");
        QCOMPARE(bench.cell("containmentTasks", name, 1), QString("no"));
        if (qEnvironmentVariableIsSet("GRADUS_SHOTS"))
            bench.page.grab().save(qEnvironmentVariable("GRADUS_SHOTS") + "/containment-two.png");
    }
    void cells_areCopiedByTheirKey()
    {
        Bench bench({{"containment study", containmentSample("open")}});
        QVERIFY(bench.settle());
        QTableView& ways = bench.table("containmentWays");
        const int keyring = bench.rowOf("containmentWays", "Use the kernel's keyrings");
        const QPoint at = ways.visualRect(ways.model()->index(keyring, 3)).center();
        QTest::mouseClick(ways.viewport(), Qt::LeftButton, {}, at);
        QTest::keySequence(&ways, QKeySequence::Copy);
        QCOMPARE(QGuiApplication::clipboard()->text().trimmed(), QString("open"));
    }
    void whatIsShown_isWrittenInEveryForm()
    {
        Bench bench({{"containment study", containmentSample("open")}});
        QVERIFY(bench.settle());
        for (const char* ending : {"svg", "png", "pdf", "csv", "json", "md", "tex"}) {
            const QString file = bench.folder.filePath(QString("ways.") + ending);
            const auto written = pages::exportComparison(bench.page, file);
            QVERIFY2(written, written ? "" : written.error().message.c_str());
            QVERIFY2(QFileInfo(file).size() > 200, ending);
        }
        const std::string csv = must(readFile(bench.folder.filePath("ways.csv").toStdString()));
        QVERIFY2(csv.find("Use the kernel's keyrings,yes,absent,contained,open,contained") != std::string::npos,
                 csv.c_str());
        const std::string svg = must(readFile(bench.folder.filePath("ways.svg").toStdString()));
        for (const char* part : {"Ways out", "Elicitation by level", "Fidelity", "Everyday tasks", "digests"})
            QVERIFY2(svg.find(part) != std::string::npos, part);
        QVERIFY(!QImage(bench.folder.filePath("ways.png")).isNull());
    }
    void runsWithoutAStudy_sayWhereOneComesFrom()
    {
        Bench bench(std::vector<Study>{});
        QVERIFY(bench.settle());
        bool isSaid = false;
        for (const QLabel* label : bench.tab().findChildren<QLabel*>())
            isSaid = isSaid || (label->isVisible() && label->text().contains("gradus sandbox study --store"));
        QVERIFY(isSaid);
        const auto refused = pages::exportComparison(bench.page, bench.folder.filePath("x.svg"));
        QVERIFY(!refused && refused.error().kind == ErrorKind::BadInput);
        QVERIFY(!QFileInfo::exists(bench.folder.filePath("x.svg")));
    }
    void aStudyThatCannotBeRead_isASentence()
    {
        Bench bench(std::vector<Study>{{"containment study", R"({"levels":[7]})"}});
        QVERIFY(bench.settle());
        bool isSaid = false;
        for (const QLabel* label : bench.tab().findChildren<QLabel*>())
            isSaid = isSaid || (label->isVisible() && label->text().contains("no containment study that can be read"));
        QVERIFY(isSaid);
    }
    void thePage_isOrderedFromTheReportMenu()
    {
        Bench bench({{"containment study", containmentSample()}});
        QVERIFY(bench.settle());
        auto* menu = bench.page.findChild<QPushButton*>("compareReport");
        for (QAction* action : menu->menu()->actions())
            if (action->objectName() == "containment") action->trigger();
        auto* dialog = bench.page.findChild<QDialog*>("containmentDialog");
        QVERIFY(dialog != nullptr && dialog->isVisible());
        QTest::mouseClick(dialog->findChild<QPushButton*>("copyPageCommand"), Qt::LeftButton);
        const QString line = QGuiApplication::clipboard()->text();
        QVERIFY2(line.contains(" containment ") && line.contains("--store"), qPrintable(line));
    }
};
GRADUS_SUITE(ContainmentTabTest)
#include "containment_tab_test.moc"
