// SPDX-License-Identifier: GPL-3.0-or-later
// What can be asked of the shown run: by button, menu and key; what became of it stands above the cards.
#include "live_desk.h"
#include "support/suite.h"

#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace gradus;
using Desk = gradus::tests::LiveDesk;

namespace {
constexpr int kPatience = 5000;
}

class LiveCommandsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyButtonMenuAndKey_asksForItsOwn()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.hears(), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(desk.find<QPushButton>("pauseRun")->isVisible(), kPatience);
        QSignalSpy spy(desk.page.get(), &pages::LivePage::commandRequested);
        desk.click("pauseRun");
        desk.click("checkpointRun");
        desk.click("evaluateRun");
        desk.click("stopRun");
        const QMenu* menu = desk.find<QToolButton>("moreCommands")->menu();
        for (QAction* action : menu->actions())
            if (!action->isSeparator()) action->trigger();
        desk.page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(desk.page.get()));
        desk.page->setFocus();
        QTest::keyClick(desk.page.get(), Qt::Key_P, Qt::ControlModifier);
        QStringList verbs;
        for (const auto& call : spy) {
            QCOMPARE(call[0].toLongLong(), desk.run);
            verbs << call[1].toString();
        }
        QCOMPARE(verbs.join(' '), QStringLiteral("pause checkpoint evaluate stop checkpoint evaluate stop-now pause"));
    }

    void askedDoneAndRefused_areShown()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.hears(), kPatience);
        auto* note = desk.find<QFrame>("commandNote");
        QVERIFY(!note->isVisible());
        const auto pause = *desk.writer->postCommand(desk.run, "pause");
        QTRY_VERIFY_WITH_TIMEOUT(note->isVisible() && desk.text("commandSentence").contains("asked for at"), kPatience);
        QVERIFY(!desk.find<QPushButton>("pauseRun")->isEnabled()); // asked once is enough
        desk.answer(events::kCommandDone, pause, "pause", "Pause at step 800, with a checkpoint (request 1).");
        QTRY_COMPARE_WITH_TIMEOUT(desk.text("runState"), QStringLiteral("paused"), kPatience);
        QCOMPARE(desk.text("commandSentence"), QStringLiteral("Pause at step 800, with a checkpoint (request 1)."));
        QCOMPARE(desk.find<QPushButton>("pauseRun")->text(), QStringLiteral("Go on"));
        QSignalSpy spy(desk.page.get(), &pages::LivePage::commandRequested);
        desk.click("pauseRun");
        QCOMPARE(spy.front()[1].toString(), QStringLiteral("continue"));
        const auto evaluate = *desk.writer->postCommand(desk.run, "evaluate");
        desk.answer(events::kCommandRefused, evaluate, "evaluate", "Evaluation refused: <b>nothing</b> is trained.");
        QTRY_COMPARE_WITH_TIMEOUT(desk.text("commandSentence"),
                                  QStringLiteral("Evaluation refused: <b>nothing</b> is trained."), kPatience);
        QCOMPARE(note->property("bar").toString(), QStringLiteral("warn"));
        if (const QString folder = qEnvironmentVariable("GRADUS_SHOTS"); !folder.isEmpty())
            QVERIFY(desk.page->grab().save(folder + "/live-refused.png"));
        QTest::mouseClick(note->findChild<QToolButton*>(), Qt::LeftButton);
        QVERIFY(!note->isVisible());
        const auto goOn = *desk.writer->postCommand(desk.run, "continue");
        desk.answer(events::kCommandDone, goOn, "continue", "Going on from step 800 (request 3).");
        QTRY_VERIFY_WITH_TIMEOUT(desk.text("runState").contains("running"), kPatience);
    }

    void readOnlyStore_disablesThemWithItsReason()
    {
        Desk desk(common::Theme::Dark);
        QTRY_VERIFY_WITH_TIMEOUT(desk.hears(), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(desk.find<QPushButton>("pauseRun")->isVisible(), kPatience);
        desk.page->setCommandsBlocked("The store is read-only.");
        QSignalSpy spy(desk.page.get(), &pages::LivePage::commandRequested);
        for (const char* name : {"pauseRun", "checkpointRun", "evaluateRun", "stopRun"}) {
            desk.click(name);
            QVERIFY(desk.find<QPushButton>(name)->toolTip().contains("read-only"));
        }
        QTest::keyClick(desk.page.get(), Qt::Key_P, Qt::ControlModifier);
        QCOMPARE(spy.size(), 0);
    }

    void narrowPage_keepsThemInTheMenu()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.find<QPushButton>("pauseRun")->isVisible(), kPatience);
        desk.page->resize(900, 700);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.find<QPushButton>("evaluateRun")->isVisible(), kPatience);
        QVERIFY(desk.find<QPushButton>("stopRun")->isVisible());
        QVERIFY(desk.find<QToolButton>("moreCommands")->menu()->actions().size() >= 4);
    }

    void finishedRun_hasNothingToAsk()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.find<QPushButton>("pauseRun")->isVisible(), kPatience);
        desk.writer->setState(desk.run, store::RunState::Stopped);
        QVERIFY(desk.writer->flush().ok());
        QTRY_VERIFY_WITH_TIMEOUT(desk.find<QPushButton>("resumeRun")->isVisible(), kPatience);
        for (const char* name : {"pauseRun", "checkpointRun", "evaluateRun", "stopRun"})
            QVERIFY(!desk.find<QPushButton>(name)->isVisible());
        QVERIFY(!desk.find<QToolButton>("moreCommands")->isVisible());
    }
};
GRADUS_SUITE(LiveCommandsTest)
#include "live_commands_test.moc"
