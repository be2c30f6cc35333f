// SPDX-License-Identifier: GPL-3.0-or-later
// The Store page over real stores: real keys and clicks, and what the files hold afterwards.
#include "support/sample_runs.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include "pages/store/health_panel.h"
#include "pages/store/import_panel.h"
#include "pages/store/query_plot.h"
#include "pages/store/schema_panel.h"
#include "pages/store/size_bars.h"
#include "pages/store/sql_console.h"
#include "pages/store/sql_editor.h"
#include "pages/store/store_page.h"
#include "store/store_reader.h"
#include "viewmodels/store_watcher.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QTreeWidget>

using namespace gradus;
using pages::StorePage;

namespace {

constexpr int kWait = 10000 * tests::kPatience;
constexpr std::size_t kRuns = 12; // of the example

/// A copy of the bundled example and a page that shows it.
class Bench
{
public:
    explicit Bench(bool withExample = true) : theme(*qApp, common::Theme::Light), page(watcher, theme)
    {
        if (withExample && !QFile::copy(tests::sourceFile("resources/example/example.db"), path()))
            qFatal("no example");
        if (withExample) QFile::setPermissions(path(), QFile::ReadOwner | QFile::WriteOwner);
        QObject::connect(&page, &StorePage::said, [this](const QString& sentence, bool isFailure) {
            said = sentence;
            failed = isFailure;
        });
        page.resize(1360, 840);
        page.openStore(path());
        watcher.open(path());
        page.show();
        if (!QTest::qWaitForWindowExposed(&page)) qFatal("not shown");
    }

    QString path() const { return folder.filePath("gradus.db"); }
    bool settle()
    {
        return QTest::qWaitFor([&] { return page.isReady() && !page.acts().isActing(); }, kWait);
    }
    bool ran()
    {
        return QTest::qWaitFor([&] { return !page.acts().isQuerying(); }, kWait);
    }
    void type(const QString& sql)
    {
        page.console().editor().setFocus();
        page.console().editor().selectAll();
        QTest::keyClicks(&page.console().editor(), sql);
        QTest::keyClick(&page.console().editor(), Qt::Key_Return, Qt::ControlModifier);
    }
    std::size_t runs() const
    {
        const auto reader = store::StoreReader::open(path().toStdString());
        return reader ? reader->runs()->size() : 0;
    }
    /// Answers the next question that is asked.
    void answer(QMessageBox::StandardButton button)
    {
        QTimer::singleShot(0, &page, [button] {
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (box == nullptr) qFatal("no question");
            QTest::mouseClick(box->button(button), Qt::LeftButton);
        });
    }
    QPushButton* button(const char* name) { return page.findChild<QPushButton*>(QLatin1String(name)); }

    QTemporaryDir folder;
    QString said;
    bool failed = false;
    viewmodels::StoreWatcher watcher;
    common::ThemeController theme;
    StorePage page;
};

} // namespace

class StorePageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void schema_showsTablesWithTheirRowsAndInsertsNames()
    {
        Bench bench;
        QVERIFY(bench.settle());
        QTreeWidget* tree = bench.page.schema().tree();
        QTreeWidgetItem* point = nullptr;
        for (int i = 0; i < tree->topLevelItemCount(); ++i)
            if (tree->topLevelItem(i)->text(0) == "point") point = tree->topLevelItem(i);
        QVERIFY(point != nullptr);
        QCOMPARE(QLocale().toInt(point->text(1)), 12803);
        QCOMPARE(point->child(0)->text(1), QStringLiteral("→ series"));
        bench.page.schema().filterField()->setFocus();
        QTest::keyClicks(bench.page.schema().filterField(), "capacity_proxy");
        int shown = 0;
        QTreeWidgetItem* found = nullptr;
        for (int i = 0; i < tree->topLevelItemCount(); ++i)
            if (!tree->topLevelItem(i)->isHidden()) {
                ++shown;
                found = tree->topLevelItem(i);
            }
        QCOMPARE(shown, 1);
        QCOMPARE(found->text(0), QStringLiteral("generation"));
        bench.page.console().editor().clear();
        const QRect place = tree->visualItemRect(found);
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, place.center());
        QTest::mouseDClick(tree->viewport(), Qt::LeftButton, {}, place.center());
        QCOMPARE(bench.page.console().editor().toPlainText(), QStringLiteral("generation"));
    }
    void aStatement_isRunByItsKeyAndItsRowsAreCopiedAsTheyAre()
    {
        Bench bench;
        QVERIFY(bench.settle());
        bench.type("SELECT seed, uuid, 1.5 AS x FROM run ORDER BY seed");
        QVERIFY(bench.ran());
        auto& console = bench.page.console();
        QCOMPARE(console.model().rowCount(), int(kRuns));
        QVERIFY2(console.statusText().startsWith("12 rows"), qPrintable(console.statusText()));
        QTest::mouseClick(console.table()->horizontalHeader()->viewport(), Qt::LeftButton, {}, QPoint(8, 8));
        QTest::mouseClick(console.table()->horizontalHeader()->viewport(), Qt::LeftButton, {}, QPoint(8, 8));
        QCOMPARE(console.model().index(0, 0).data().toString(), QStringLiteral("3"));
        bench.page.findChild<QAction*>("store.copyCsv")->trigger();
        const QStringList lines = QGuiApplication::clipboard()->text().split("\r\n");
        QCOMPARE(lines.size(), qsizetype(kRuns) + 2); // header, rows, the end
        QCOMPARE(lines[0], QStringLiteral("seed,uuid,x"));
        QVERIFY(lines[1].startsWith("3,") && lines[1].endsWith(",1.5"));
        bench.page.findChild<QAction*>("store.copySqlCommand")->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QStringLiteral("gradus store sql 'SELECT seed, uuid, 1.5 AS x FROM run ORDER BY seed' --store ") +
                     bench.path());
    }
    void whatIsWrongOrWrites_isSaidAndTheOldResultStaysGreyed()
    {
        Bench bench;
        QVERIFY(bench.settle());
        bench.type("SELECT 1");
        QVERIFY(bench.ran());
        bench.type("SELECT sed FROM run");
        QVERIFY(bench.ran());
        auto& console = bench.page.console();
        QVERIFY2(console.statusText().contains("line 1, column 8"), qPrintable(console.statusText()));
        QCOMPARE(console.editor().extraSelections().size(), 1);
        QCOMPARE(console.editor().extraSelections().first().cursor.selectedText(), QStringLiteral("sed"));
        QVERIFY(!console.table()->isEnabled());
        QCOMPARE(console.model().rowCount(), 1);
        bench.type("DELETE FROM run");
        QVERIFY(bench.ran());
        QVERIFY(console.statusText().startsWith("This console only reads"));
        QCOMPARE(bench.runs(), kRuns);
    }
    void anEndlessStatement_isStoppedByEscapeWhileTheWindowLives()
    {
        Bench bench;
        QVERIFY(bench.settle());
        bench.type("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n");
        QVERIFY(bench.page.acts().isQuerying());
        QVERIFY(bench.button("cancelSql")->isEnabled() && !bench.button("runSql")->isEnabled());
        QTRY_COMPARE_WITH_TIMEOUT(bench.page.console().statusText(), QStringLiteral("Running…"), kWait);
        QTest::keyClick(&bench.page.console().editor(), Qt::Key_Escape);
        QVERIFY(bench.ran());
        QVERIFY(bench.page.console().statusText().contains("stopped"));
        QVERIFY(bench.button("runSql")->isEnabled());
    }
    void check_readsTheWholeStoreAndSaysWhatItFound()
    {
        Bench bench;
        QVERIFY(bench.settle());
        QSignalSpy steps(&bench.page.acts(), &viewmodels::StoreActs::checkStep);
        QTest::mouseClick(bench.button("checkNow"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!bench.page.acts().isChecking(), kWait);
        QVERIFY(steps.count() >= 1);
        const QString all = bench.page.health().findings().join('\n');
        QVERIFY2(all.contains("no fault") && all.contains("0 broken") && all.contains("points"), qPrintable(all));
        QCOMPARE(bench.page.findChild<pages::SizeBars*>()->bars(), 8); // the largest
    }
    void damage_isSaidInTheListAndBelow()
    {
        Bench bench;
        QVERIFY(bench.settle());
        {
            QFile file(bench.path());
            QVERIFY(file.open(QIODevice::ReadWrite));
            QVERIFY(file.seek(file.size() / 2));
            file.write(QByteArray(20'000, 'x'));
        }
        QTest::mouseClick(bench.button("checkNow"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!bench.page.acts().isChecking(), kWait);
        QVERIFY(bench.failed);
        QVERIFY2(bench.said.startsWith("The store is damaged"), qPrintable(bench.said));
    }
    void backupMergeAndTrash_areDoneToTheFiles()
    {
        Bench bench;
        QVERIFY(bench.settle());
        const QString copy = bench.folder.filePath("gradus-backup-1.db");
        bench.page.acts().backup(copy);
        QVERIFY(bench.page.acts().isActing());
        bench.page.acts().vacuum(); // one at a time
        QVERIFY(bench.failed);
        QVERIFY(bench.settle());
        QTRY_VERIFY_WITH_TIMEOUT(bench.said.contains("read back"), kWait);
        QVERIFY(QFile::exists(copy));

        const auto reader = store::StoreReader::open(bench.path().toStdString());
        const QString uuid = QString::fromStdString(reader->runs()->front().uuid);
        bench.page.acts().trash({uuid});
        QVERIFY(bench.settle());
        QCOMPARE(bench.runs(), kRuns - 1);
        QTRY_VERIFY_WITH_TIMEOUT(bench.button("restoreRun") != nullptr, kWait);
        QTRY_VERIFY_WITH_TIMEOUT(bench.button("restoreRun")->isEnabled(), kWait);
        QTest::mouseClick(bench.button("restoreRun"), Qt::LeftButton);
        QVERIFY(bench.settle());
        QCOMPARE(bench.runs(), kRuns);

        bench.page.acts().merge(copy);
        QVERIFY(bench.settle());
        QTRY_VERIFY_WITH_TIMEOUT(bench.said.contains("12 here already"), kWait);
    }
    void aBackup_isRestoredAndTheRestoreUndone()
    {
        Bench bench;
        QVERIFY(bench.settle());
        const QString copy = bench.folder.filePath("gradus-backup-1.db");
        bench.page.acts().backup(copy);
        QVERIFY(bench.settle());
        const auto reader = store::StoreReader::open(bench.path().toStdString());
        bench.page.acts().trash({QString::fromStdString(reader->runs()->front().uuid)});
        QVERIFY(bench.settle());
        QCOMPARE(bench.runs(), kRuns - 1);
        QSignalSpy runs(&bench.watcher, &viewmodels::StoreWatcher::runsChanged);
        QTRY_VERIFY_WITH_TIMEOUT(bench.button("restoreBackup") != nullptr && bench.button("restoreBackup")->isEnabled(),
                                 kWait);
        bench.answer(QMessageBox::No);
        QTest::mouseClick(bench.button("restoreBackup"), Qt::LeftButton);
        QCOMPARE(bench.runs(), kRuns - 1);
        bench.answer(QMessageBox::Yes);
        QTest::mouseClick(bench.button("restoreBackup"), Qt::LeftButton);
        QVERIFY(bench.settle());
        QTRY_VERIFY_WITH_TIMEOUT(bench.said.contains("is now gradus.db.before-restore-backup"), kWait);
        QVERIFY(!bench.failed);
        QCOMPARE(bench.runs(), kRuns);
        // The window follows the file that is there now.
        QTRY_VERIFY_WITH_TIMEOUT(
            !runs.isEmpty() && runs.last().first().value<QVector<store::RunRow>>().size() == qsizetype(kRuns), kWait);
        bench.page.acts().restoreBackup(bench.folder.filePath("gradus.db.before-restore-backup"));
        QVERIFY(bench.settle());
        QTRY_COMPARE_WITH_TIMEOUT(bench.runs(), kRuns - 1, kWait);
    }
    void aDamagedStore_isRestoredFromThePage()
    {
        Bench bench;
        QVERIFY(bench.settle());
        const QString copy = bench.folder.filePath("gradus-backup-1.db");
        bench.page.acts().backup(copy);
        QVERIFY(bench.settle());
        {
            QFile file(bench.path());
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QByteArray(9000, 'x'));
        }
        bench.page.acts().refresh();
        QTRY_VERIFY_WITH_TIMEOUT(bench.page.health().findChild<QLabel*>("storeBlocked")->isVisible(), kWait);
        QVERIFY(!bench.button("vacuum")->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(bench.button("restoreBackup") != nullptr && bench.button("restoreBackup")->isEnabled(),
                                 kWait);
        bench.answer(QMessageBox::Yes);
        QTest::mouseClick(bench.button("restoreBackup"), Qt::LeftButton);
        QVERIFY(bench.settle());
        QTRY_COMPARE_WITH_TIMEOUT(bench.runs(), kRuns, kWait);
        QTRY_VERIFY_WITH_TIMEOUT(bench.button("vacuum")->isEnabled(), kWait);
    }
    void aStatement_isSavedWithANameAndFoundAgain()
    {
        Bench bench;
        QVERIFY(bench.settle());
        bench.type("SELECT 7 AS seven");
        QVERIFY(bench.ran());
        QMenu* menu = bench.page.console().queryMenu();
        const auto entry = [menu](const QString& text) -> QAction* {
            Q_EMIT menu->aboutToShow();
            for (QAction* action : menu->actions())
                if (action->text() == text) return action;
            return nullptr;
        };
        QVERIFY(entry("seven & <b>more</b>") == nullptr);
        QTimer::singleShot(0, &bench.page, [] {
            auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
            QVERIFY(dialog != nullptr);
            QTest::keyClicks(dialog->findChild<QLineEdit*>(), "seven & <b>more</b>");
            QTest::keyClick(dialog->findChild<QLineEdit*>(), Qt::Key_Return);
        });
        entry("Save this statement…")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(bench.said.startsWith("Saved as"), kWait);
        QVERIFY(QFile::exists(bench.path() + ".queries.toml"));
        bench.page.console().editor().setPlainText("SELECT 1");
        QVERIFY(entry("seven && <b>more</b>") != nullptr); // a plain text: the ampersand is no key
        entry("seven && <b>more</b>")->trigger();
        QCOMPARE(bench.page.console().editor().toPlainText(), QStringLiteral("SELECT 7 AS seven"));
        Q_EMIT menu->aboutToShow();
        menu->findChild<QMenu*>("store.removeQuery")->actions().first()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(bench.said.startsWith("Removed the query"), kWait);
        QVERIFY(entry("seven && <b>more</b>") == nullptr);
    }
    void aResult_isDrawn()
    {
        Bench bench;
        QVERIFY(bench.settle());
        bench.type("SELECT r.seed AS seed, g.number AS generation, g.utility AS utility, r.condition AS condition "
                   "FROM generation g JOIN run r ON r.id = g.run_id");
        QVERIFY(bench.ran());
        QVERIFY(bench.page.console().table()->isVisible());
        auto* toggle = bench.page.findChild<QToolButton*>("sqlPicture");
        QTest::mouseClick(toggle, Qt::LeftButton);
        pages::QueryPlot& picture = bench.page.console().picture();
        QVERIFY(picture.isVisible() && !bench.page.console().table()->isVisible());
        auto* x = picture.findChild<QComboBox*>("queryPlotX");
        auto* y = picture.findChild<QComboBox*>("queryPlotY");
        QCOMPARE(x->count(), 3);
        x->setCurrentText("generation");
        y->setCurrentText("utility");
        QTRY_VERIFY_WITH_TIMEOUT(!picture.isBusy(), kWait);
        QVERIFY(!picture.chart()->series().isEmpty());
        qsizetype points = 0;
        for (const plot::Series& series : picture.chart()->series())
            for (const QPointF& point : series.points) {
                QVERIFY(point.x() >= 1 && point.x() <= 4 && point.y() > 0 && point.y() <= 1);
                ++points;
            }
        QVERIFY(points > 4);
        if (const QString shots = qEnvironmentVariable("GRADUS_SHOTS"); !shots.isEmpty()) {
            QTest::qWait(200);
            QVERIFY(bench.page.grab().save(shots + "/store-plot-light.png"));
            bench.theme.setTheme(common::Theme::Dark);
            QTest::qWait(200);
            QVERIFY(bench.page.grab().save(shots + "/store-plot-dark.png"));
        }
        // Without the condition beside them, generations of all runs are rows of one x: points, and no line joins them.
        bench.type("SELECT g.number AS generation, g.utility AS utility FROM generation g");
        QVERIFY(bench.ran());
        QTRY_VERIFY_WITH_TIMEOUT(!picture.isBusy() && picture.chart()->series().size() == 1, kWait);
        const plot::Series& all = picture.chart()->series().front();
        QVERIFY(all.points.size() > 4);
        QCOMPARE(all.draw, plot::Draw::Points);
        QVERIFY2(picture.note().contains("not joined"), qPrintable(picture.note()));
        bench.type("SELECT g.number AS generation, avg(g.utility) AS utility FROM generation g GROUP BY g.number");
        QVERIFY(bench.ran());
        QTRY_VERIFY_WITH_TIMEOUT(!picture.isBusy() && picture.chart()->series().size() == 1 &&
                                     picture.chart()->series().front().draw == plot::Draw::Line,
                                 kWait);
        QVERIFY(picture.note().isEmpty());
        // The next result is drawn at once, and one without numbers says so.
        bench.type("SELECT 'a' AS word");
        QVERIFY(bench.ran());
        QTRY_VERIFY_WITH_TIMEOUT(picture.chart()->series().isEmpty(), kWait);
        QVERIFY(x->count() == 0);
        QTest::mouseClick(toggle, Qt::LeftButton);
        QVERIFY(bench.page.console().table()->isVisible());
    }
    void anImport_isMappedTriedWrittenAndUndone()
    {
        Bench bench;
        QVERIFY(bench.settle());
        QFile csv(bench.folder.filePath("export.csv"));
        QVERIFY(csv.open(QIODevice::WriteOnly));
        csv.write("run,_step,eval/acc,grad_norm\n");
        for (int i = 0; i < 10; ++i)
            csv.write(QStringLiteral("calm,%1,%2,%3\n").arg(8 * i).arg(0.5 + 0.01 * i).arg(i).toUtf8());
        csv.close();
        bench.page.importFile(csv.fileName());
        auto& panel = bench.page.importPanel();
        QTRY_COMPARE_WITH_TIMEOUT(panel.table()->rowCount(), 2, kWait);
        QCOMPARE(panel.table()->item(0, 2)->text(), QStringLiteral("test/accuracy"));
        QTRY_VERIFY_WITH_TIMEOUT(bench.button("importNow")->isEnabled(), kWait);
        panel.table()->item(0, 2)->setText("utility/competence");
        panel.table()->item(1, 2)->setText("");
        QVERIFY(!bench.button("importNow")->isEnabled()); // not before a dry run of exactly this
        QTRY_VERIFY_WITH_TIMEOUT(bench.button("importNow")->isEnabled(), kWait);
        QVERIFY2(panel.footerText().startsWith("Dry run: 1 run, 1 series, 10 points"), qPrintable(panel.footerText()));
        QTest::mouseClick(bench.button("importNow"), Qt::LeftButton);
        QVERIFY(bench.settle());
        QTRY_COMPARE_WITH_TIMEOUT(bench.runs(), kRuns + 1, kWait);
        const auto reader = store::StoreReader::open(bench.path().toStdString());
        QCOMPARE(*reader->runs()->front().lastUtility, 0.59);
        QTRY_VERIFY_WITH_TIMEOUT(bench.button("undoImport")->isVisible(), kWait);
        QTest::mouseClick(bench.button("undoImport"), Qt::LeftButton);
        QVERIFY(bench.settle());
        QCOMPARE(bench.runs(), kRuns);
        QTest::mouseClick(bench.button("closeImport"), Qt::LeftButton);
        QVERIFY(!panel.isVisible());
    }
    void whatCannotBeImported_isSaidInTheFooter()
    {
        Bench bench;
        QVERIFY(bench.settle());
        bench.page.importFile(bench.path());
        QTRY_VERIFY_WITH_TIMEOUT(bench.page.importPanel().footerText().contains("gradus store merge"), kWait);
        QVERIFY(!bench.button("importNow")->isEnabled());
    }
    void aStoreForReadingOnly_saysWhyNothingCanBeWritten()
    {
        Bench bench;
        QVERIFY(bench.settle());
        bench.page.setBlocked("example.db is shown, for reading only.");
        for (const char* name : {"vacuum", "merge", "importRuns", "emptyTrash"})
            QVERIFY2(!bench.button(name)->isEnabled(), name);
        QVERIFY(bench.button("checkNow")->isEnabled() && bench.button("backUp")->isEnabled());
        QVERIFY(bench.page.health().findChild<QLabel*>("storeBlocked")->isVisible());
        bench.type("SELECT count(*) FROM run");
        QVERIFY(bench.ran());
        QCOMPARE(bench.page.console().model().index(0, 0).data().toString(), QString::number(kRuns));
    }
    void noStore_isSaidAndNothingIsMade()
    {
        Bench bench(false);
        QTRY_VERIFY_WITH_TIMEOUT(bench.page.isReady(), kWait);
        QVERIFY(bench.page.health().findChild<QLabel*>("storeBlocked")->text().contains("There is no store"));
        QVERIFY(!bench.button("checkNow")->isEnabled());
        QVERIFY(!QFile::exists(bench.path()));
    }
};
GRADUS_SUITE(StorePageTest)
#include "store_page_test.moc"
