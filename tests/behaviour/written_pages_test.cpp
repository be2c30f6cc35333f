// SPDX-License-Identifier: GPL-3.0-or-later
// Report, forecast, the judges beyond supervision and containment studies, made from the Compare page by real events
// and the real program.
#include "pages/compare/compare_page.h"
#include "pages/compare/page_dialog.h"
#include "pages/compare/table_tab.h"

#include "program.h"
#include "store/store_reader.h"
#include "support/must.h"
#include "support/suite.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QUrl>

using namespace gradus;
using namespace gradus::tests;
using pages::PageDialog;

namespace {

constexpr int kWait = 60'000;

const QByteArray kLadder = "[experiment]\nname = \"a <short> ladder\"\nseeds = [1, 2]\n"
                           "[ladder]\ngenerations = 4\nstart = 0\n[task]\ntest_items = 200\n"
                           "[gap]\ncontroller = \"fixed\"\nvalue = 0.1\n[training]\nlabels = 64\nepochs = 1\n";

/// Where "Open" goes.
class Opener : public QObject
{
    Q_OBJECT
public:
    QUrl opened;
public Q_SLOTS:
    void open(const QUrl& url) { opened = url; }
};

} // namespace

class WrittenPagesTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<common::ThemeController> m_theme;
    std::unique_ptr<viewmodels::StoreWatcher> m_watcher;
    std::unique_ptr<pages::ComparePage> m_page;

    QByteArray read(const QString& name) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// Opens the menu with the mouse, and its entry.
    PageDialog* opened(const char* verb) const
    {
        auto* button = m_page->findChild<QPushButton*>("compareReport");
        QTimer::singleShot(200, button, [verb] {
            auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
            if (!menu) return;
            QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(menu->findChild<QAction*>(verb)).center());
        });
        QTest::mouseClick(button, Qt::LeftButton);
        auto* dialog = m_page->findChild<PageDialog*>(QString::fromLatin1(verb) + QStringLiteral("Dialog"));
        return dialog && QTest::qWaitForWindowExposed(dialog) ? dialog : nullptr;
    }
    static void press(PageDialog& dialog, const char* name)
    {
        QTest::mouseClick(dialog.findChild<QPushButton*>(QLatin1String(name)), Qt::LeftButton);
    }
    static void type(PageDialog& dialog, const char* name, const QString& text)
    {
        auto* field = dialog.findChild<QLineEdit*>(QLatin1String(name));
        QTest::mouseDClick(field, Qt::LeftButton);
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(field, text);
    }
    /// For an eye: where GRADUS_SHOTS names a folder, in both themes.
    void keepPicture(QWidget& window, const QString& name) const
    {
        const QString folder = qEnvironmentVariable("GRADUS_SHOTS");
        if (folder.isEmpty()) return;
        for (const common::Theme theme : {common::Theme::Dark, common::Theme::Light}) {
            m_theme->setTheme(theme);
            const char* suffix = theme == common::Theme::Dark ? "-dark.png" : "-light.png";
            QVERIFY(window.grab().save(folder + '/' + name + QLatin1String(suffix)));
        }
    }
    static QString wordsOf(const PageDialog& dialog) { return dialog.findChild<QLabel*>("pageWords")->text(); }
    /// Presses Write and waits until Write can be pressed again.
    static bool written(PageDialog& dialog)
    {
        auto* write = dialog.findChild<QPushButton*>("writePage");
        QTest::mouseClick(write, Qt::LeftButton);
        return !write->isEnabled() && QTest::qWaitFor([&] { return write->isEnabled(); }, kWait);
    }
    bool comparing(const QSet<std::int64_t>& runs) const
    {
        m_page->choose(runs);
        return QTest::qWaitFor(
            [&] {
                return m_page->isReady() &&
                       static_cast<qsizetype>(m_page->comparison().data().runs.size()) == runs.size();
            },
            kWait);
    }

private Q_SLOTS:
    void initTestCase()
    {
        writeText(m_folder.filePath("ladder.toml"), kLadder);
        const Outcome ran = runGradus(m_folder.path(), {"run", "ladder.toml", "--store", "gradus.db"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const Outcome small =
            runGradus(m_folder.path(), {"run", "ladder.toml", "--store", "gradus.db", "--set", "ladder.generations=2",
                                        "--set", "experiment.name=two rungs", "--set", "experiment.seeds=[7]"});
        QVERIFY2(small.exitCode == 0, small.err.constData());
        m_theme = std::make_unique<common::ThemeController>(*qApp, common::Theme::Light);
        m_watcher = std::make_unique<viewmodels::StoreWatcher>();
        m_page = std::make_unique<pages::ComparePage>(*m_watcher, *m_theme);
        m_page->setPlace({.workspace = m_folder.path(), .program = QStringLiteral(GRADUS_PROGRAM)});
        m_page->resize(1368, 838);
        m_page->show();
        m_page->openStore(m_folder.filePath("gradus.db"));
        m_watcher->open(m_folder.filePath("gradus.db"));
        QVERIFY(comparing({1, 2}));
    }
    void cleanupTestCase()
    {
        m_page.reset();
        m_watcher.reset();
        m_theme.reset();
    }

    void theReport_isOfWhatIsCompared()
    {
        PageDialog* dialog = opened("report");
        QVERIFY(dialog);
        QVERIFY(written(*dialog));
        QVERIFY2(wordsOf(*dialog).startsWith("Written: "), qPrintable(wordsOf(*dialog)));
        QVERIFY(read("report.html").contains("2 runs in 1 condition, seeds 1, 2."));
        type(*dialog, "pageFile", "report.docx");
        QVERIFY(written(*dialog));
        QVERIFY2(wordsOf(*dialog).contains("must end in .html or .pdf"), qPrintable(wordsOf(*dialog)));
        QVERIFY(!QFile::exists(m_folder.filePath("report.docx")));
        dialog->close();
    }
    void theForecast_takesAPrice_isOpened_andItsCommandMakesItAgain()
    {
        PageDialog* dialog = opened("forecast");
        QVERIFY(dialog);
        QSignalSpy said(m_page.get(), &pages::ComparePage::said);
        QVERIFY(written(*dialog));
        QVERIFY2(read("forecast.html").contains("no cost (give the price of a device hour: --hour-price)"),
                 qPrintable(wordsOf(*dialog)));
        type(*dialog, "--hour-price", "2.5");
        QVERIFY(written(*dialog));
        const QByteArray html = read("forecast.html");
        QVERIFY(html.contains("at 2.5 a device hour") && html.contains("a &lt;short"));
        QCOMPARE(said.size(), 2);
        keepPicture(*dialog, "forecast");
        Opener opener;
        QDesktopServices::setUrlHandler("file", &opener, "open");
        press(*dialog, "openPage");
        QDesktopServices::unsetUrlHandler("file");
        QCOMPARE(opener.opened.toLocalFile(), m_folder.filePath("forecast.html"));

        press(*dialog, "copyPageCommand");
        const QString line = QApplication::clipboard()->text();
        QVERIFY2(line.startsWith("gradus forecast ") && line.contains("--hour-price=2.5"), qPrintable(line));
        QVERIFY(QFile::remove(m_folder.filePath("forecast.html")));
        const Outcome typed = runShell(m_folder.path(), "\"$GRADUS\"" + line.mid(6));
        QVERIFY2(typed.exitCode == 0, typed.err.constData());
        QCOMPARE(read("forecast.html"), html);

        type(*dialog, "--hour-price", "-3");
        QVERIFY(written(*dialog));
        QVERIFY2(wordsOf(*dialog).startsWith("--hour-price is "), qPrintable(wordsOf(*dialog)));
        QCOMPARE(read("forecast.html"), html); // what was there stays
        dialog->close();
    }
    void containmentStudies_areAPageOfThoseAmongTheRuns()
    {
        PageDialog* dialog = opened("containment");
        QVERIFY(dialog);
        QVERIFY(written(*dialog));
        QVERIFY2(wordsOf(*dialog).startsWith("None of these runs keeps a containment study"),
                 qPrintable(wordsOf(*dialog)));
        QVERIFY(!QFile::exists(m_folder.filePath("containment.html")));
        dialog->close();
        const Outcome studied = runGradus(m_folder.path(), {"sandbox", "study", "--level", "0", "--quick", "--store",
                                                            "gradus.db", "--name", "no code"});
        QVERIFY2(studied.exitCode == 0, studied.err.constData());
        std::int64_t id = 0;
        const auto reader = must(store::StoreReader::open(m_folder.filePath("gradus.db").toStdString()));
        for (const store::RunRow& row : must(reader.runs()))
            if (row.experimentName == "no code") id = row.id;
        const QSet<std::int64_t> before = m_page->choice().chosen();
        QVERIFY(comparing({id}));
        dialog = opened("containment");
        QVERIFY(dialog);
        QVERIFY(written(*dialog));
        QVERIFY2(wordsOf(*dialog).startsWith("Written: "), qPrintable(wordsOf(*dialog)));
        QVERIFY(read("containment.html").contains("Acts of the built-in domain"));
        dialog->close();
        QVERIFY(comparing(before));
    }
    void beyondTheJudge_countsUp_saysWhatItIsOf_andCanBeStopped()
    {
        PageDialog* dialog = opened("beyond");
        QVERIFY(dialog);
        type(*dialog, "--items", "50");
        QVERIFY(written(*dialog));
        const QString html = QString::fromUtf8(read("beyond.html"));
        QVERIFY2(html.contains("2 runs in 1 condition, seeds 1, 2."), qPrintable(wordsOf(*dialog)));
        QVERIFY(html.contains("gradus run a-short-ladder.toml"));
        QVERIFY(html.contains(QRegularExpression("gradus beyond 'a (&lt;|<)short(&gt;|>) ladder' --items 50 -o")));
        QVERIFY(QFile::remove(m_folder.filePath("beyond.html")));

        type(*dialog, "--items", "5000");
        press(*dialog, "writePage");
        QVERIFY(QTest::qWaitFor([&] { return wordsOf(*dialog).startsWith("Asked 1 of 8"); }, kWait));
        QVERIFY(dialog->findChild<QWidget*>("pageProgress")->isVisible());
        keepPicture(*dialog, "beyond");
        press(*dialog, "cancelPage");
        auto* write = dialog->findChild<QPushButton*>("writePage");
        QVERIFY(QTest::qWaitFor([&] { return write->isEnabled(); }, kWait));
        QCOMPARE(wordsOf(*dialog), QString("Stopped; nothing was written."));
        QVERIFY(!QFile::exists(m_folder.filePath("beyond.html")));
        dialog->close();
    }
    void aPageOfAPart_namesJustThatPart()
    {
        QVERIFY(comparing({1}));
        PageDialog* dialog = opened("forecast");
        QVERIFY(dialog);
        type(*dialog, "--hour-price", "1");
        type(*dialog, "pageFile", "part.html");
        QVERIFY(written(*dialog));
        const QString html = QString::fromUtf8(read("part.html"));
        const auto named = QRegularExpression("gradus forecast ([0-9a-f]{8}) --target 13 ").match(html);
        QVERIFY2(named.hasMatch(), qPrintable(wordsOf(*dialog)));
        QCOMPARE(named.captured(1),
                 QString::fromStdString(m_page->comparison().data().runs[0].detail.run.uuid).left(8));
        QVERIFY(html.contains("Runs that are made anew have others"));
        const Outcome again =
            runGradus(m_folder.path(), {"forecast", named.captured(1), "--store", "gradus.db", "--target", "13",
                                        "--hour-price", "1", "--hour-flop", "1.4e18", "-o", "again.html"});
        QVERIFY2(again.exitCode == 0, again.err.constData());
        QCOMPARE(read("again.html"), read("part.html"));
        dialog->close();
    }
    void theTableOfTheWindow_isThatOfItsCommand_andOfTheReport()
    {
        writeText(m_folder.filePath("asked.toml"),
                  "[experiment]\nname = \"asked\"\nseeds = [1, 2]\n[ladder]\ngenerations = 2\nstart = 0\n[task]\n"
                  "test_items = 100\n[training]\nlabels = 64\nepochs = 1\n[gap]\ncontroller = \"fixed\"\n"
                  "[report]\ncontrasts = [[\"gap.value = 0.9\", \"gap.value = 0.4\"]]\n"
                  "[sweep]\n\"gap.value\" = [0.1, 0.4, 0.9]\n");
        const Outcome ran = runGradus(m_folder.path(), {"run", "asked.toml", "--store", "asked.db"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        m_page->openStore(m_folder.filePath("asked.db"));
        m_watcher->open(m_folder.filePath("asked.db"));
        QVERIFY(
            QTest::qWaitFor([&] { return m_page->isReady() && m_page->comparison().data().runs.size() == 6; }, kWait));
        m_page->setTab(pages::ComparePage::Table);
        pages::TableTab& tab = *m_page->table();
        QCOMPARE(tab.model().table().contrasts.size(), std::size_t{1});
        viewmodels::ViewFile view = m_page->view();
        view.against = {"gap.value = 0.4=gap.value = 0.1"};
        view.baseline = "gap.value = 0.9";
        m_page->showView(view);
        QVERIFY(QTest::qWaitFor([&] { return m_page->isViewShown(); }, kWait));
        QCOMPARE(tab.model().table().contrasts.size(), std::size_t{2});
        keepPicture(*m_page, "contrasts");
        const Outcome typed = runShell(m_folder.path(), "\"$GRADUS\"" + tab.command().mid(6));
        QVERIFY2(typed.exitCode == 0, typed.err.constData());
        QCOMPARE(QString::fromUtf8(typed.out), tab.text(compare::TextFormat::Markdown));
        PageDialog* dialog = opened("report");
        QVERIFY(dialog);
        press(*dialog, "copyPageCommand");
        QVERIFY(QApplication::clipboard()->text().contains("'--against=gap.value = 0.4=gap.value = 0.1'"));
        QVERIFY(written(*dialog));
        const QString html = QString::fromUtf8(read("report.html"));
        for (const compare::ContrastRow& row : tab.model().table().contrasts) {
            QVERIFY2(html.contains(QString::fromStdString(row.label)), row.label.c_str());
            const QString difference = QString::number(row.cells[0].difference->estimate.value, 'f', 3);
            QVERIFY2(html.contains(QString::fromStdString(row.label) + ": competence " +
                                   (difference.startsWith('-') ? QChar(0x2212) + difference.mid(1) : '+' + difference)),
                     qPrintable(difference));
        }
        dialog->close();
        m_page->openStore(m_folder.filePath("gradus.db"));
        m_watcher->open(m_folder.filePath("gradus.db"));
        QVERIFY(comparing({1, 2}));
    }
    void everyContrastThatIsTyped_isRead()
    {
        for (const char* verb : {"compare", "report"}) {
            const Outcome typed = runGradus(m_folder.path(), {verb, "two rungs", "--store", "gradus.db", "--against",
                                                              "two rungs=", "--against", "a=b"});
            QCOMPARE(typed.exitCode, 2);
            QVERIFY2(typed.err.contains("names no two groups of these runs"), typed.err.constData());
        }
    }
    void whatTheRunsCannotTell_isSaidInWords()
    {
        QVERIFY(comparing({3}));
        PageDialog* dialog = opened("forecast");
        QVERIFY(dialog);
        type(*dialog, "--hour-price", "1");
        type(*dialog, "pageFile", "small.html");
        QVERIFY(written(*dialog));
        QVERIFY2(wordsOf(*dialog).contains("a curve needs 3"), qPrintable(wordsOf(*dialog)));
        keepPicture(*dialog, "refused");
        keepPicture(*m_page, "page");
        QVERIFY(!QFile::exists(m_folder.filePath("small.html")));
        dialog->close();
    }
};

GRADUS_SUITE(WrittenPagesTest)

#include "written_pages_test.moc"
