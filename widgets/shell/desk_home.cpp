// SPDX-License-Identifier: GPL-3.0-or-later
// Home's part of the desk: its cards, the first steps with what is remembered of them, and the bundled example.
#include "shell/desk.h"

#include "pages/home/home_page.h"
#include "pages/live/runs_panel.h"
#include "pages/queue/launch_panel.h"
#include "pages/queue/queue_page.h"

#include <QSettings>

#include <array>
#include <utility>

namespace gradus::shell {

namespace {

using pages::FirstStep;

constexpr char kHidden[] = "firstSteps/hidden";
/// Where it is remembered that a step was done; a launch shows in the store.
constexpr std::array<std::pair<FirstStep, const char*>, 4> kRemembered = {{
    {FirstStep::DragPoint, "firstSteps/dragged"},
    {FirstStep::Preflight, "firstSteps/checked"},
    {FirstStep::SeeLive, "firstSteps/seenLive"},
    {FirstStep::CompareExample, "firstSteps/compared"},
}};

} // namespace

void Desk::wireHome()
{
    using pages::HomePage;
    connect(m_home, &HomePage::openExampleRequested, this, &Desk::openExample);
    connect(m_home, &HomePage::newScheduleRequested, this, &Desk::newSchedule);
    connect(m_home, &HomePage::openFileRequested, this, &Desk::chooseFile);
    connect(m_home, &HomePage::openDraftRequested, this, &Desk::openDraft);
    connect(m_home, &HomePage::openRunRequested, this, &Desk::showRun);
    connect(m_home, &HomePage::launchDemoRequested, this, &Desk::launchDemo);
    connect(m_home, &HomePage::preflightRequested, this, [this] { Q_EMIT pageWanted(QStringLiteral("queue")); });
    connect(m_home, &HomePage::compareExampleRequested, this, &Desk::compareExample);
    connect(m_home, &HomePage::deviceTestRequested, this, [this] {
        m_home->setDeviceTested(true);
        m_deviceCheck.start(m_session.place());
    });
    connect(&m_deviceCheck, &viewmodels::DeviceCheck::answered, m_home, &HomePage::setDeviceReport);
    connect(&m_queue->launchPanel().check(), &viewmodels::PreflightCheck::answered, this,
            [this](const viewmodels::PreflightReport& report) {
                if (report.problem.isEmpty()) stepDone(FirstStep::Preflight);
            });
    connect(m_home, &HomePage::watchRequested, this, [this] { Q_EMIT pageWanted(QStringLiteral("live")); });
    connect(m_home, &HomePage::showFolderRequested, this, &Desk::showFolder);
    connect(m_home, &HomePage::switchWorkspaceRequested, this, &Desk::chooseWorkspace);
    connect(m_home, &HomePage::noticeActivated, this, &Desk::openOwnStore);
    connect(m_home, &HomePage::hideFirstStepsRequested, this, [this] {
        QSettings().setValue(QString::fromLatin1(kHidden), true);
        refreshFirstSteps();
    });
    connect(&m_session, &Session::draftsChanged, m_home, &HomePage::setDrafts);
    connect(&m_session, &Session::exampleChanged, m_home, &HomePage::setExample);
    connect(&m_session, &Session::storeSizeChanged, m_home, &HomePage::setStoreSize);
    connect(&m_session, &Session::storeNotice, this, [this](const QString& sentence) {
        m_storeNotice = sentence;
        m_runsPanel->setNotice(sentence);
        refreshBlocked();
    });
}

void Desk::refreshFirstSteps()
{
    const QSettings settings;
    pages::FiveMinutes& strip = *m_home->firstSteps();
    for (const auto& [step, key] : kRemembered)
        strip.setDone(step, settings.value(QString::fromLatin1(key)).toBool());
    strip.setDone(FirstStep::LaunchDemo, !m_session.workspace().showsForeignStore() && !m_session.runs().isEmpty());
    m_home->setFirstStepsVisible(!settings.value(QString::fromLatin1(kHidden)).toBool() && !strip.isComplete());
}

void Desk::stepDone(FirstStep done)
{
    if (m_home->firstSteps()->isDone(done)) return;
    for (const auto& [step, key] : kRemembered)
        if (step == done) QSettings().setValue(QString::fromLatin1(key), true);
    refreshFirstSteps();
}

void Desk::restoreFirstSteps()
{
    QSettings settings;
    settings.remove(QStringLiteral("firstSteps"));
    refreshFirstSteps();
    Q_EMIT pageWanted(QStringLiteral("home"));
}

void Desk::openExample()
{
    const QString example = exampleStorePath();
    if (example.isEmpty()) {
        Q_EMIT said(tr("The example is not installed beside this program."), true);
        return;
    }
    m_session.openStore(example);
    Q_EMIT pageWanted(QStringLiteral("live"));
}

void Desk::compareExample()
{
    const QString example = exampleStorePath();
    openExample();
    if (example.isEmpty()) return;
    stepDone(FirstStep::CompareExample);
    Q_EMIT pageWanted(QStringLiteral("compare"));
}

} // namespace gradus::shell
