// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/run_buttons.h"

#include "common/controls.h"
#include "events/run_commands.h"
#include "viewmodels/figures.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

#include <algorithm>

namespace gradus::pages {

namespace {

QString word(std::string_view verb)
{
    return QString::fromLatin1(verb.data(), static_cast<qsizetype>(verb.size()));
}

} // namespace

RunButtons::RunButtons(const viewmodels::LiveRun& run, QWidget* parent) : QWidget(parent), m_run(run)
{
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    m_pause = button(tr("Pause"), "pauseRun", this);
    m_checkpoint = button(tr("Checkpoint"), "checkpointRun", this);
    m_checkpoint->setIcon(common::makeIcon(common::Icon::CheckpointDiamond));
    m_evaluate = button(tr("Evaluate"), "evaluateRun", this);
    m_evaluate->setIcon(common::makeIcon(common::Icon::Flag));
    m_stop = button(tr("Stop and save"), "stopRun", this);
    m_stop->setIcon(common::makeIcon(common::Icon::Stop));
    m_resume = button(tr("Resume"), "resumeRun", this);
    m_resume->setIcon(common::makeIcon(common::Icon::Run));
    m_more = common::makeIconButton(common::Icon::More, tr("More that can be asked of the run"), this);
    m_more->setObjectName(QStringLiteral("moreCommands"));
    m_more->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_more);
    m_more->setMenu(menu);
    menu->addAction(entry(tr("Checkpoint now"), "checkpointNow", word(events::kCheckpointVerb)));
    menu->addAction(entry(tr("Evaluate now"), "evaluateNow", word(events::kEvaluateVerb)));
    menu->addSeparator();
    menu->addAction(entry(tr("Stop without saving…"), "stopNow", word(events::kStopNowVerb)));
    for (QWidget* one : std::initializer_list<QWidget*>{m_pause, m_checkpoint, m_evaluate, m_stop, m_resume, m_more})
        line->addWidget(one);
    connect(m_pause, &QPushButton::clicked, this, &RunButtons::pauseOrGoOn);
    connect(m_checkpoint, &QPushButton::clicked, this,
            [this] { Q_EMIT commandRequested(word(events::kCheckpointVerb)); });
    connect(m_evaluate, &QPushButton::clicked, this, [this] { Q_EMIT commandRequested(word(events::kEvaluateVerb)); });
    connect(m_stop, &QPushButton::clicked, this, [this] { Q_EMIT commandRequested(word(events::kStopVerb)); });
    connect(m_resume, &QPushButton::clicked, this, &RunButtons::resumeRequested);
    refresh();
}

QPushButton* RunButtons::button(const QString& text, const char* name, QWidget* parent)
{
    QPushButton* made = common::makeButton(text, {}, parent);
    made->setObjectName(QLatin1String(name));
    return made;
}

QAction* RunButtons::entry(const QString& text, const char* name, const QString& verb)
{
    auto* action = new QAction(text, this);
    action->setObjectName(QLatin1String(name));
    connect(action, &QAction::triggered, this, [this, verb] { Q_EMIT commandRequested(verb); });
    return action;
}

void RunButtons::pauseOrGoOn()
{
    if (!m_pause->isVisibleTo(this) || !m_pause->isEnabled()) return;
    Q_EMIT commandRequested(word(m_run.isHeld() ? events::kContinueVerb : events::kPauseVerb));
}

void RunButtons::setBlocked(const QString& reason)
{
    m_blocked = reason;
    refresh();
}

void RunButtons::setCompact(bool compact)
{
    m_isCompact = compact;
    refresh();
}

bool RunButtons::isWaiting(std::string_view verb) const
{
    const auto& commands = m_run.commands();
    return std::any_of(commands.begin(), commands.end(), [&](const store::AskedCommand& command) {
        return command.verb == verb && command.state == store::AskedCommand::State::Waiting;
    });
}

void RunButtons::refresh()
{
    using store::RunState;
    const bool isAlive = m_run.isAlive();
    const bool isHeld = m_run.isHeld();
    const RunState state = m_run.hasRun() ? m_run.detail().run.state : RunState::Finished;
    const bool isEnding =
        state == RunState::Stopping || isWaiting(events::kStopVerb) || isWaiting(events::kStopNowVerb);
    const bool canAsk = m_blocked.isEmpty() && !isEnding;
    m_pause->setText(isHeld ? tr("Go on") : tr("Pause"));
    m_pause->setIcon(common::makeIcon(isHeld ? common::Icon::Run : common::Icon::Pause));
    const struct
    {
        QWidget* widget;
        bool isShown;
        bool isEnabled;
        QString tip;
    } all[] = {
        {m_pause, isAlive, canAsk && !isWaiting(isHeld ? events::kContinueVerb : events::kPauseVerb),
         isHeld ? tr("Lets the run go on from where it waits (Ctrl+P)")
                : tr("Writes a checkpoint where it can and holds the run after this step (Ctrl+P)")},
        {m_checkpoint, isAlive && !m_isCompact, canAsk && !isWaiting(events::kCheckpointVerb),
         tr("Writes a checkpoint after this step")},
        {m_evaluate, isAlive && !m_isCompact, canAsk && !isWaiting(events::kEvaluateVerb),
         tr("Measures the student after this step; nothing that is decided depends on it")},
        {m_stop, isAlive, canAsk, tr("Writes a checkpoint and ends; Resume goes on from there")},
        {m_more, isAlive, canAsk, tr("More that can be asked of the run")},
        {m_resume, state == RunState::Stopped || state == RunState::Crashed || state == RunState::Failed,
         m_blocked.isEmpty(), tr("Goes on from the last checkpoint")},
    };
    for (const auto& one : all) {
        one.widget->setVisible(m_run.hasRun() && one.isShown);
        one.widget->setEnabled(one.isEnabled);
        one.widget->setToolTip(m_blocked.isEmpty() ? one.tip : viewmodels::plainToolTip(m_blocked));
    }
}

} // namespace gradus::pages
