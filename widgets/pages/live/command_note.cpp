// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/command_note.h"

#include "base/clock.h"
#include "base/text.h"
#include "common/controls.h"
#include "events/run_commands.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QToolButton>

namespace gradus::pages {

using State = store::AskedCommand::State;

namespace {

constexpr int kHeight = 30;
constexpr double kShownFor = 30; // seconds after the answer

QString waitingSentence(const store::AskedCommand& command)
{
    const QString when =
        QDateTime::fromSecsSinceEpoch(static_cast<qint64>(command.askedAt)).time().toString("HH:mm:ss");
    QString what = CommandNote::tr("Asked");
    if (command.verb == events::kPauseVerb) what = CommandNote::tr("Pause");
    if (command.verb == events::kContinueVerb) what = CommandNote::tr("Going on");
    if (command.verb == events::kCheckpointVerb) what = CommandNote::tr("Checkpoint");
    if (command.verb == events::kEvaluateVerb) what = CommandNote::tr("Evaluation");
    if (command.verb == events::kStopVerb) what = CommandNote::tr("Stop and save");
    if (command.verb == events::kStopNowVerb) what = CommandNote::tr("Stop without saving");
    if (command.verb == events::kAlertsVerb) what = CommandNote::tr("Other alert rules");
    return CommandNote::tr("%1: asked for at %2; the run obeys after the step it is in.").arg(what, when);
}

} // namespace

CommandNote::CommandNote(const viewmodels::LiveRun& run, const common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_run(run), m_theme(theme)
{
    setObjectName(QStringLiteral("commandNote"));
    setFixedHeight(kHeight);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(12, 0, 12, 0);
    line->setSpacing(8);
    m_icon = new QLabel(this);
    m_sentence = new common::ElidedLabel({}, Qt::ElideRight, this);
    m_sentence->setObjectName(QStringLiteral("commandSentence"));
    QToolButton* close = common::makeIconButton(common::Icon::Close, tr("Close this note"), this);
    connect(close, &QToolButton::clicked, this, [this] {
        if (!m_run.commands().empty()) m_closed = m_run.commands().back().id;
        refresh();
    });
    line->addWidget(m_icon);
    line->addWidget(m_sentence, 1);
    line->addWidget(close);
    hide();
}

void CommandNote::refresh()
{
    const auto& commands = m_run.commands();
    const store::AskedCommand* newest = commands.empty() ? nullptr : &commands.back();
    bool isShown = newest != nullptr && newest->id != m_closed;
    if (isShown && newest->state == State::Waiting) isShown = m_run.isAlive();
    if (isShown && newest->state == State::Done) isShown = wallSeconds() - newest->answeredAt < kShownFor;
    if (isShown && newest->state == State::Refused)
        isShown = m_run.isAlive() || wallSeconds() - newest->answeredAt < kShownFor;
    setVisible(isShown);
    if (!isShown) return;
    const common::Tokens& tokens = m_theme.tokens();
    const bool isRefused = newest->state == State::Refused;
    const bool isDone = newest->state == State::Done;
    const common::Icon icon = isRefused ? common::Icon::TriangleWarning
                              : isDone  ? common::Icon::TickCircle
                                        : common::Icon::Clock;
    common::setStyleProperty(*this, "bar", isRefused ? QStringLiteral("warn") : QStringLiteral("neutral"));
    m_icon->setPixmap(common::iconPixmap(icon,
                                         isRefused ? tokens.warn
                                         : isDone  ? tokens.ok
                                                   : tokens.text2,
                                         16, devicePixelRatioF()));
    m_sentence->setFullText(newest->state == State::Waiting ? waitingSentence(*newest)
                                                            : QString::fromStdString(visible(newest->sentence, 600)));
}

} // namespace gradus::pages
