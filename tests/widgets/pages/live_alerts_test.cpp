// SPDX-License-Identifier: GPL-3.0-or-later
// Alert rules in Live: added, changed and removed by hand, drawn on their card, told when they fire.
#include "live_desk.h"
#include "support/suite.h"

#include "events/alert_events.h"
#include "pages/live/alerts_panel.h"
#include "pages/live/live_card.h"

#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QSpinBox>
#include <QToolButton>

using namespace gradus;
using Desk = gradus::tests::LiveDesk;

namespace {

constexpr int kPatience = 5000;

void watch(Desk& desk, const std::string& lines)
{
    static int request = 0;
    desk.writer->sink(desk.run).event(events::alertRulesEvent(lines, "request " + std::to_string(++request), 1, 800));
    desk.beat();
}

} // namespace

class LiveAlertsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rules_areAddedChangedAndRemovedByHand()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.page->run().hasPoints(), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(desk.find<QToolButton>("openAlerts")->isVisible(), kPatience);
        QTest::mouseClick(desk.find<QToolButton>("openAlerts"), Qt::LeftButton);
        auto* panel = desk.find<pages::AlertsPanel>("alertsPanel");
        QVERIFY(panel->isVisible());
        QSignalSpy spy(desk.page.get(), &pages::LivePage::alertRulesRequested);
        auto* series = desk.find<QComboBox>("alertSeries");
        QVERIFY(series->findText("train/loss") >= 0 && series->findText("utility/competence/ci_low") < 0);
        series->lineEdit()->selectAll();
        QTest::keyClicks(series->lineEdit(), "train/loss");
        auto* value = desk.find<QLineEdit>("alertValue");
        QTest::keyClicks(value, "much");
        desk.click("addAlert");
        QCOMPARE(spy.size(), 0);
        QVERIFY(desk.find<QLabel>("alertFault")->isVisible());
        QVERIFY(desk.text("alertFault").contains("no number to compare with"));
        value->clear();
        QTest::keyClicks(value, "2,5"); // as half of Europe writes it
        desk.find<QSpinBox>("alertPoints")->setValue(3);
        desk.click("addAlert");
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy[0][0].toLongLong(), desk.run);
        QCOMPARE(spy[0][1].toStringList(), QStringList{"train/loss above 2.5 for 3"});
        QVERIFY(!desk.find<QLabel>("alertFault")->isVisible());

        watch(desk, "train/loss above 2.5 for 3\nentropy/label below 0.1");
        auto* list = desk.find<QListWidget>("alertRules");
        QTRY_COMPARE_WITH_TIMEOUT(list->count(), 2, kPatience);
        QCOMPARE(desk.find<QToolButton>("openAlerts")->text(), QStringLiteral("Alerts 2"));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(1)).center());
        QCOMPARE(series->currentText(), QStringLiteral("entropy/label"));
        QCOMPARE(desk.find<QComboBox>("alertWhen")->currentData().toString(), QStringLiteral("below"));
        value->setText("0.2");
        desk.click("changeAlert");
        QCOMPARE(spy[1][1].toStringList(), (QStringList{"train/loss above 2.5 for 3", "entropy/label below 0.2"}));
        desk.click("removeAlert");
        QCOMPARE(spy[2][1].toStringList(), QStringList{"train/loss above 2.5 for 3"});
        if (const QString folder = qEnvironmentVariable("GRADUS_SHOTS"); !folder.isEmpty())
            QVERIFY(panel->grab().save(folder + "/live-alerts.png"));
    }

    void firedRule_isToldOfAnyRunCountedAndMarked()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.page->run().hasPoints(), kPatience);
        const auto fire = [&](std::int64_t step) {
            desk.writer->sink(desk.run).event(
                events::alertEvent("entropy/label below 0.1", "entropy/label", "0.05 at step", 2, step));
            desk.beat();
        };
        QSignalSpy spy(&desk.watcher, &viewmodels::StoreWatcher::alertsFired);
        watch(desk, "entropy/label below 0.1\ntrain/loss above 2");
        auto* list = desk.find<QListWidget>("alertRules");
        QTRY_COMPARE_WITH_TIMEOUT(list->count(), 2, kPatience);
        fire(700);
        QTRY_COMPARE_WITH_TIMEOUT(spy.size(), 1, kPatience);
        const auto told = spy[0][0].value<QVector<store::FiredAlert>>();
        QVERIFY(told.size() == 1 && told[0].runId == desk.run && told[0].event.step == 700);
        QVERIFY(QString::fromStdString(told[0].event.sentence).startsWith("Alert: entropy/label below 0.1"));
        fire(750);
        QTRY_COMPARE_WITH_TIMEOUT(spy.size(), 2, kPatience);
        QVERIFY2(list->item(0)->text().contains("fired 2 time"), qPrintable(list->item(0)->text()));
        // A line where the rule is about the left scale; a mark on the band and in every card.
        const auto marks = [&] {
            int count = 0;
            for (const plot::EventMark& mark : desk.page->cards()[3]->timePlot()->events())
                count += mark.mark == plot::Mark::Alert && mark.text.contains("entropy/label below") ? 1 : 0;
            return count;
        };
        QTRY_COMPARE_WITH_TIMEOUT(marks(), 2, kPatience);
        if (const QString folder = qEnvironmentVariable("GRADUS_SHOTS"); !folder.isEmpty())
            QVERIFY(desk.page->grab().save(folder + "/live-alert-fired.png"));
        // Told of runs that nobody looks at, too; opened anew, what had fired is no news.
        desk.page->showRun(0);
        fire(800);
        QTRY_COMPARE_WITH_TIMEOUT(spy.size(), 3, kPatience);
        QSignalSpy opened(&desk.watcher, &viewmodels::StoreWatcher::storeReady);
        desk.watcher.open(desk.watcher.path());
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, kPatience);
        fire(850);
        QTRY_COMPARE_WITH_TIMEOUT(spy.size(), 4, kPatience);
        QCOMPARE(spy[3][0].value<QVector<store::FiredAlert>>().front().event.step, 850);
    }

    void runThatIsOver_takesNoOtherRules()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.page->run().hasPoints(), kPatience);
        desk.writer->setState(desk.run, store::RunState::Finished);
        QVERIFY(desk.writer->flush().ok());
        QTRY_VERIFY_WITH_TIMEOUT(!desk.find<QPushButton>("addAlert")->isEnabled(), kPatience);
        QVERIFY(desk.find<QPushButton>("addAlert")->toolTip().contains("[[alert]]"));
    }
};
GRADUS_SUITE(LiveAlertsTest)
#include "live_alerts_test.moc"
