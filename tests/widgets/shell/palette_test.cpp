// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that has a key is in the sheet of keys, and everything that can be done or opened is found by its name.
#include "pages/live/live_page.h"
#include "plot/settled.h"
#include "shell/command_palette.h"
#include "shell/key_sheet.h"
#include "shell/main_window.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QAction>
#include <QApplication>
#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QShortcut>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;

namespace {

constexpr double kLimitSeconds = 20.0 * tests::kPatience;

struct Bench
{
    QTemporaryDir folder;
    common::ThemeController theme{*qApp, common::Theme::Light};
    std::unique_ptr<shell::MainWindow> window;

    Bench()
    {
        const shell::Workspace place{
            .folder = folder.path(), .store = folder.filePath(QStringLiteral("gradus.db")), .draft = {}};
        QFile::copy(tests::sourceFile("resources/example/example.db"), place.store);
        QFile::setPermissions(place.store, QFile::ReadOwner | QFile::WriteOwner);
        window = std::make_unique<shell::MainWindow>(theme, place, false);
        window->show();
        window->activateWindow();
    }
    bool isLoaded()
    {
        return plot::waitUntil([&] { return !window->session().runs().isEmpty(); }, kLimitSeconds);
    }
    shell::CommandPalette* open()
    {
        QTest::keyClick(window.get(), Qt::Key_K, Qt::ControlModifier);
        shell::CommandPalette* palette = nullptr;
        (void)plot::waitUntil(
            [&] {
                palette = window->findChild<shell::CommandPalette*>();
                return palette != nullptr && palette->isVisible();
            },
            kLimitSeconds);
        return palette;
    }
};

} // namespace

class PaletteTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyShortcut_isInTheSheet()
    {
        Bench bench;
        QVERIFY(bench.isLoaded());
        for (const QShortcut* shortcut : bench.window->findChildren<QShortcut*>())
            QVERIFY2(shortcut->key().isEmpty(),
                     qPrintable(shortcut->key().toString() + " is a shortcut that the sheet cannot know"));
        const shell::KeySheet sheet(*bench.window);
        const auto* table = sheet.findChild<QTableWidget*>();
        QSet<QString> lines;
        for (int row = 0; row < table->rowCount(); ++row)
            lines.insert(table->item(row, 0)->text() + '\t' + table->item(row, 1)->text());
        for (const QAction* action : bench.window->findChildren<QAction*>()) {
            if (action->shortcut().isEmpty()) continue;
            QString name = action->text();
            QVERIFY2(!name.isEmpty(), qPrintable(action->shortcut().toString() + " has no name"));
            const QString line = name.remove('&') + '\t' + action->shortcut().toString(QKeySequence::NativeText);
            QVERIFY2(lines.contains(line), qPrintable(line));
        }
    }
    void aFewLetters_turnToAPage()
    {
        Bench bench;
        QVERIFY(bench.isLoaded());
        shell::CommandPalette* palette = bench.open();
        QVERIFY(palette != nullptr);
        QTest::keyClicks(palette->field(), "transc");
        QVERIFY(palette->list()->count() > 0);
        QTest::keyClick(palette->field(), Qt::Key_Return);
        QVERIFY(plot::waitUntil([&] { return bench.window->currentPage() == "transcripts"; }, kLimitSeconds));
    }
    void aPagesAction_isDoneOnItsPage()
    {
        Bench bench;
        QVERIFY(bench.isLoaded());
        auto* live = bench.window->findChild<pages::LivePage*>();
        const bool follows = live->timeWindow().follows();
        shell::CommandPalette* palette = bench.open();
        QVERIFY(palette != nullptr);
        QTest::keyClicks(palette->field(), "live follow");
        QVERIFY2(palette->list()->currentItem()->text().startsWith("Live: follow"),
                 qPrintable(palette->list()->currentItem()->text()));
        QTest::keyClick(palette->field(), Qt::Key_Return);
        QVERIFY(plot::waitUntil([&] { return bench.window->currentPage() == "live"; }, kLimitSeconds));
        QCOMPARE(live->timeWindow().follows(), !follows);
    }
    void aRun_isOpenedByItsName()
    {
        Bench bench;
        QVERIFY(bench.isLoaded());
        const store::RunRow run = bench.window->session().runs().last();
        shell::CommandPalette* palette = bench.open();
        QVERIFY(palette != nullptr);
        QTest::keyClicks(palette->field(), "seed " + QString::number(run.seed));
        bool found = false;
        for (int row = 0; row < palette->list()->count() && !found; ++row) {
            found = palette->list()->item(row)->text().contains(QString::fromStdString(run.uuid).left(8));
            if (!found) QTest::keyClick(palette->field(), Qt::Key_Down);
        }
        QVERIFY(found);
        QTest::keyClick(palette->field(), Qt::Key_Return);
        QVERIFY(plot::waitUntil([&] { return bench.window->currentPage() == "live"; }, kLimitSeconds));
        QCOMPARE(bench.window->findChild<pages::LivePage*>()->shownRun(), run.id);
    }
};
GRADUS_SUITE(PaletteTest)
#include "palette_test.moc"
