// SPDX-License-Identifier: GPL-3.0-or-later
// Home at a first start: what it says of a machine and a workspace that hold nothing yet, and the five first steps.
#include "pages/home/device_card.h"
#include "pages/home/devices_card.h"
#include "pages/home/five_minutes.h"
#include "pages/home/home_page.h"
#include "pages/home/start_card.h"
#include "support/suite.h"

#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace gradus;

class HomePageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void folderThatIsNotThereYet_hasTheRoomOfItsDisk()
    {
        const QTemporaryDir folder;
        for (const char* place : {"", "/data/gradus", "/a/b/c/d"}) {
            const pages::MachineSample sample = pages::sampleMachine(folder.path() + place);
            QVERIFY2(sample.diskTotal > 0 && sample.diskFree >= 0, place);
            QCOMPARE(sample.checkpoints, 0);
        }
    }
    void firstSteps_areFiveAndLeadToTheirPlaces()
    {
        common::ThemeController theme(*qApp, common::Theme::Light);
        pages::HomePage page(theme);
        page.resize(1300, 900);
        page.show();
        pages::FiveMinutes& strip = *page.firstSteps();
        QSignalSpy drawn(&page, &pages::HomePage::newScheduleRequested);
        QSignalSpy checked(&page, &pages::HomePage::preflightRequested);
        QSignalSpy launched(&page, &pages::HomePage::launchDemoRequested);
        QSignalSpy watched(&page, &pages::HomePage::watchRequested);
        QSignalSpy compared(&page, &pages::HomePage::compareExampleRequested);
        using Step = pages::FirstStep;
        const std::array<std::pair<Step, QSignalSpy*>, 5> order = {{{Step::DragPoint, &drawn},
                                                                    {Step::Preflight, &checked},
                                                                    {Step::LaunchDemo, &launched},
                                                                    {Step::SeeLive, &watched},
                                                                    {Step::CompareExample, &compared}}};
        for (const auto& [step, asked] : order) {
            QPushButton* current = nullptr;
            for (QPushButton* button : strip.findChildren<QPushButton*>())
                if (button->isVisible() && button->property("role").toString() == "primary") current = button;
            QVERIFY(current != nullptr); // one button, of the first step that is not done
            QTest::mouseClick(current, Qt::LeftButton);
            QCOMPARE(asked->size(), 1);
            QVERIFY(!strip.isComplete());
            strip.setDone(step, true);
        }
        QVERIFY(strip.isComplete());
    }
    void deviceCard_saysWhatTheSelfTestFound()
    {
        common::ThemeController theme(*qApp, common::Theme::Light);
        pages::HomePage page(theme);
        page.resize(1300, 900);
        page.show();
        auto* findings = page.findChild<pages::DeviceFindings*>();
        auto* card = qobject_cast<pages::StartCard*>(findings->parentWidget());
        QVERIFY(card != nullptr);
        const auto says = [&](const QString& words) {
            for (const QLabel* label : card->findChildren<QLabel*>())
                if (label->text().contains(words)) return true;
            return false;
        };
        QVERIFY(says("Not tested yet"));
        QSignalSpy asked(&page, &pages::HomePage::deviceTestRequested);
        QTest::mouseClick(card->button(), Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        page.setDeviceTested(true);
        QVERIFY(!card->button()->isEnabled());
        using State = viewmodels::DeviceRow::State;
        viewmodels::DeviceReport report;
        report.rows = {{State::Good, "run", "a tiny run trained"}};
        page.setDeviceReport(report);
        QVERIFY(card->button()->isEnabled() && says("Everything works"));
        report.rows.append({State::Failed, "resume", "other weights"});
        page.setDeviceReport(report);
        QVERIFY(says("failed"));
        QVERIFY(!card->grab().isNull());
        page.setDeviceReport({{}, "gradus could not be started."});
        QVERIFY(says("could not be started"));
    }
};
GRADUS_SUITE(HomePageTest)
#include "home_page_test.moc"
