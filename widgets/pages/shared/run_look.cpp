// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/shared/run_look.h"

#include "base/text.h"
#include "common/number_text.h"
#include "viewmodels/runs_model.h"

namespace gradus::pages {

using common::Icon;
using store::RunState;

Icon iconOf(RunState state)
{
    switch (state) {
    case RunState::Queued:
        return Icon::Clock;
    case RunState::Preparing:
    case RunState::Running:
        return Icon::PlayCircle;
    case RunState::Stopping:
        return Icon::BarsCircle;
    case RunState::Stopped:
        return Icon::StopCircle;
    case RunState::Finished:
        return Icon::TickCircle;
    case RunState::Failed:
        return Icon::CrossCircle;
    case RunState::Crashed:
        return Icon::TriangleWarning;
    }
    return Icon::Circle;
}

QColor colourOf(RunState state, const common::Tokens& tokens)
{
    switch (state) {
    case RunState::Preparing:
    case RunState::Running:
        return tokens.accent;
    case RunState::Stopping:
    case RunState::Crashed:
        return tokens.warn;
    case RunState::Finished:
        return tokens.ok;
    case RunState::Failed:
        return tokens.danger;
    case RunState::Queued:
    case RunState::Stopped:
        return tokens.text2;
    }
    return tokens.text2;
}

QString wordOf(RunState state)
{
    switch (state) {
    case RunState::Queued:
        return QStringLiteral("queued");
    case RunState::Preparing:
        return QStringLiteral("preparing");
    case RunState::Running:
        return QStringLiteral("running");
    case RunState::Stopping:
        return QStringLiteral("stopping");
    case RunState::Stopped:
        return QStringLiteral("stopped");
    case RunState::Finished:
        return QStringLiteral("finished");
    case RunState::Failed:
        return QStringLiteral("failed");
    case RunState::Crashed:
        return QStringLiteral("process gone");
    }
    return {};
}

QString nameOf(const store::RunRow& run)
{
    QString name = viewmodels::shortCondition(run.condition);
    if (name.isEmpty()) name = QString::fromStdString(visible(run.experimentName, 120));
    return QStringLiteral("%1, seed %2").arg(name).arg(run.seed);
}

QString endOf(const store::RunRow& run, double now)
{
    switch (run.state) {
    case RunState::Preparing:
    case RunState::Running:
        return run.secondsLeft >= 0 ? common::durationText(run.secondsLeft) + QStringLiteral(" left")
                                    : wordOf(run.state);
    case RunState::Failed:
        return run.failure.empty() ? wordOf(run.state) : QString::fromStdString(visible(run.failure, 200));
    case RunState::Finished:
        return run.endedAt ? common::momentText(*run.endedAt, now) : wordOf(run.state);
    default:
        return wordOf(run.state);
    }
}

} // namespace gradus::pages
