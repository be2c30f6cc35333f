// SPDX-License-Identifier: GPL-3.0-or-later
// From a draft to a worker: the preflight before, and the wait for the run after.
#include "shell/desk.h"

#include "pages/design/design_page.h"
#include "pages/queue/launch_panel.h"
#include "pages/queue/queue_page.h"
#include "spec/templates.h"
#include "viewmodels/queue_commands.h"

namespace gradus::shell {

namespace {

QString text(const Error& error)
{
    return QString::fromStdString(error.message);
}

} // namespace

void Desk::wireLaunch()
{
    using pages::DesignPage;
    using pages::LaunchPanel;
    connect(m_design, &DesignPage::launchRequested, this,
            [this](const QString& toml) { afterPreflight(toml, [this, toml] { launch(toml); }); });
    connect(m_design, &DesignPage::queueRequested, this,
            [this](const QString& toml) { afterPreflight(toml, [this, toml] { queue(toml); }); });
    connect(m_design, &DesignPage::branchRequested, this,
            [this](const viewmodels::Launcher::Branch& branch, bool queued) {
                afterPreflight(QString::fromStdString(m_design->document().text()),
                               [this, branch, queued] { launchBranch(branch, queued); });
            });
    // The panel has shown its ticks: what stands over its buttons was accepted. A run's future begins where its past
    // ends, from wherever it is launched.
    LaunchPanel* panel = &m_queue->launchPanel();
    connect(panel, &LaunchPanel::queueRequested, this, [this](const QString& toml) {
        m_design->document().past() ? launchBranch(m_design->branch(), true) : queue(toml);
    });
    connect(panel, &LaunchPanel::launchRequested, this, [this](const QString& toml) {
        m_design->document().past() ? launchBranch(m_design->branch(), false) : launch(toml);
    });
    const auto showDraft = [this, panel] { panel->setDraft(m_design->document().name(), m_design->document().text()); };
    connect(&m_design->document(), &viewmodels::ScheduleDocument::textChanged, panel, showDraft);
    connect(m_design, &DesignPage::titleChanged, panel, showDraft);
    showDraft();
    connect(&m_starts, &viewmodels::StartWatch::died, this, [this](const QString& sentence) {
        m_design->showNotice(sentence, true);
        Q_EMIT said(sentence, true);
    });
}

bool Desk::isBlocked()
{
    const QString blocked = m_session.launchBlocked();
    if (!blocked.isEmpty()) m_design->showNotice(blocked, true);
    return !blocked.isEmpty();
}

void Desk::afterPreflight(const QString& toml, const std::function<void()>& go)
{
    if (isBlocked()) return;
    Q_EMIT said(tr("The draft is being checked; it begins as soon as every tick passes."), false);
    pages::LaunchPanel& panel = m_queue->launchPanel();
    panel.ask(m_design->document().name(), toml.toStdString(), [this, go, &panel](bool mayLaunch) {
        if (mayLaunch) return go();
        Q_EMIT pageWanted(QStringLiteral("queue"));
        Q_EMIT said(panel.reasonText(), panel.report().isRefused());
    });
}

void Desk::launch(const QString& toml)
{
    if (isBlocked()) return;
    const auto launched = m_session.launcher().launch(toml.toStdString());
    if (!launched) return m_design->showNotice(text(launched.error()), true);
    const auto experiment = spec::parseExperiment(toml.toStdString(), "the draft");
    awaitRun(*launched, experiment ? spec::hashOf(*experiment) : std::string());
    Q_EMIT said(tr("Launched; it appears in Live as soon as the worker has begun."), false);
}

void Desk::queue(const QString& toml)
{
    if (!isBlocked()) m_queueCommands->add(toml.toStdString());
}

void Desk::launchBranch(const viewmodels::Launcher::Branch& branch, bool queued)
{
    if (isBlocked()) return;
    if (queued) return m_queueCommands->addBranch(branch);
    const auto started = m_session.launcher().branch(branch);
    if (!started) return m_design->showNotice(text(started.error()), true);
    awaitRun(*started, {});
    Q_EMIT said(tr("The branch is starting; Live opens when it has begun."), false);
}

void Desk::launchDemo()
{
    const auto launched = m_session.launchDemo();
    if (!launched) {
        Q_EMIT said(text(launched.error()), true);
        return;
    }
    awaitRun(*launched, {});
    Q_EMIT said(tr("The demo run is starting; Live opens when it has begun."), false);
}

void Desk::awaitRun(const viewmodels::Launched& launched, const std::string& hash)
{
    m_starts.watch(launched, hash);
    m_session.reload();
}

} // namespace gradus::shell
