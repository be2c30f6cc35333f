// SPDX-License-Identifier: GPL-3.0-or-later
// Home: start cards with previews of real data, first steps, recent drafts and runs, devices and disk.
#pragma once

#include "common/theme.h"
#include "pages/home/drafts.h"
#include "pages/home/five_minutes.h"
#include "store/records.h"
#include "viewmodels/device_check.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QPushButton;
class QTableView;
class QVBoxLayout;
class QStackedWidget;

namespace gradus::common {
class CardFrame;
class EmptyState;
} // namespace gradus::common
namespace gradus::plot {
class LanePlot;
class TimePlot;
} // namespace gradus::plot

namespace gradus::pages {

class DeviceFindings;
class DevicesCard;
class DraftsModel;
class DropOutline;
class RecentRunsModel;
class StartCard;

/// Shows what it is given and says what the user wants; opens, launches and reads nothing itself. GUI thread only.
class HomePage final : public QWidget
{
    Q_OBJECT
public:
    explicit HomePage(common::ThemeController& theme, QWidget* parent = nullptr);
    ~HomePage() override;

    void setWorkspace(const QString& name, const QString& folder);
    void setRows(const QVector<store::RunRow>& runs); ///< newest first
    void setDrafts(const QVector<DraftRow>& drafts);  ///< last edited first
    void setExample(const ExamplePreview& example);
    void setLastOpened(const QString& path); ///< named in the Open card
    void setStoreSize(qint64 bytes);
    /// The bar under the heading: what is wrong with the store or the workspace, with its cure; empty: nothing.
    void setNotice(const QString& sentence, const QString& button = {});
    void setLaunchBlocked(const QString& reason); ///< empty: the demo can be launched
    /// What the self-test found; empty: it was not run yet.
    void setDeviceReport(const viewmodels::DeviceReport& report);
    void setDeviceTested(bool running); ///< a test is running
    FiveMinutes* firstSteps() const { return m_strip; }
    void setFirstStepsVisible(bool visible);

Q_SIGNALS:
    void openExampleRequested();
    void newScheduleRequested();
    void openFileRequested();
    void openDraftRequested(const QString& path);
    void openRunRequested(qint64 runId);
    void launchDemoRequested();
    void watchRequested(); ///< "See it live"
    void preflightRequested();
    void compareExampleRequested();
    void deviceTestRequested();
    void showFolderRequested();
    void switchWorkspaceRequested();
    void hideFirstStepsRequested();
    void noticeActivated(); ///< the bar's button

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* heading();
    QWidget* startCards();
    QWidget* lowerGrid();
    QWidget* tableCard(common::CardFrame& card, QTableView& table, common::EmptyState& empty, QStackedWidget*& stack);
    QTableView* makeTable(const QString& name);
    void arrangeCards();
    void refreshHeading();
    void refreshExample();
    void refreshDevice();
    void refreshSchedule();

    common::ThemeController& m_theme;
    QLabel* m_name = nullptr;
    QLabel* m_counts = nullptr;
    QFrame* m_notice = nullptr;
    QLabel* m_noticeText = nullptr;
    QPushButton* m_noticeButton = nullptr;
    QWidget* m_cards = nullptr;
    QGridLayout* m_cardGrid = nullptr;
    StartCard* m_exampleCard = nullptr;
    StartCard* m_scheduleCard = nullptr;
    StartCard* m_openCard = nullptr;
    StartCard* m_deviceCard = nullptr;
    DeviceFindings* m_deviceFindings = nullptr;
    plot::TimePlot* m_examplePlot = nullptr;
    plot::LanePlot* m_schedulePlot = nullptr;
    DropOutline* m_dropOutline = nullptr;
    FiveMinutes* m_strip = nullptr;
    common::CardFrame* m_draftsCard = nullptr;
    common::CardFrame* m_runsCard = nullptr;
    QTableView* m_draftsTable = nullptr;
    QTableView* m_runsTable = nullptr;
    QStackedWidget* m_draftsStack = nullptr;
    QStackedWidget* m_runsStack = nullptr;
    common::EmptyState* m_noDrafts = nullptr;
    common::EmptyState* m_noRuns = nullptr;
    DraftsModel* m_draftsModel = nullptr;
    RecentRunsModel* m_runsModel = nullptr;
    DevicesCard* m_devices = nullptr;
    ExamplePreview m_example;
    QString m_workspace;
    int m_runCount = 0;
    double m_lastChange = 0;
};

} // namespace gradus::pages
