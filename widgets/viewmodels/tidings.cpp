// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/tidings.h"

#include "base/text.h"

#include <algorithm>

namespace gradus::viewmodels {

namespace {

using store::RunRow;
using store::RunState;

constexpr std::size_t kLongestName = 60;
constexpr std::size_t kLongestSentence = 300;

QString shown(const std::string& text, std::size_t longest)
{
    return QString::fromStdString(visible(text, longest));
}

bool isOver(RunState state)
{
    return state == RunState::Finished || state == RunState::Failed || state == RunState::Stopped ||
           state == RunState::Crashed;
}

bool isBad(RunState state)
{
    return state == RunState::Failed || state == RunState::Crashed;
}

QString nameOf(const RunRow& run)
{
    const QString seed = Tidings::tr("seed %1").arg(run.seed);
    return run.condition.empty() ? seed : shown(run.condition, kLongestName) + QStringLiteral(", ") + seed;
}

bool isOfTheSame(const RunRow& a, const RunRow& b)
{
    return a.experimentHash == b.experimentHash && a.experimentName == b.experimentName;
}

} // namespace

void Tidings::clear()
{
    m_runs.clear();
    m_states.clear();
    m_knows = false;
}

void Tidings::setRuns(const QVector<RunRow>& runs)
{
    const QHash<QString, RunState> before = m_states;
    m_runs = runs;
    m_states.clear();
    for (const RunRow& run : runs)
        m_states[QString::fromStdString(run.uuid)] = run.state;
    if (!std::exchange(m_knows, true)) return;
    QVector<const RunRow*> ended;
    for (const RunRow& run : runs) {
        // A run that was not there comes from a merge or an import when it is over already: nobody waits for it.
        const auto known = before.constFind(QString::fromStdString(run.uuid));
        if (known != before.constEnd() && !isOver(*known) && isOver(run.state)) ended.append(&run);
    }
    for (const RunRow* run : ended)
        tellOfRun(*run);
    for (const RunRow* run : ended) {
        const bool isFirst = std::none_of(ended.constBegin(), std::find(ended.constBegin(), ended.constEnd(), run),
                                          [&](const RunRow* other) { return isOfTheSame(*other, *run); });
        if (isFirst) tellOfExperiment(*run);
    }
}

void Tidings::tellOfRun(const RunRow& run)
{
    QString sentence;
    switch (run.state) {
    case RunState::Finished:
        sentence = run.lastUtility
                       ? tr("%1 is finished, utility %2.").arg(nameOf(run), QString::number(*run.lastUtility, 'f', 3))
                       : tr("%1 is finished.").arg(nameOf(run));
        break;
    case RunState::Stopped:
        sentence = tr("%1 has stopped.").arg(nameOf(run));
        break;
    case RunState::Crashed:
        sentence = tr("%1: its process is gone; resume it from its last checkpoint.").arg(nameOf(run));
        break;
    default:
        sentence = tr("%1 failed: %2").arg(nameOf(run), shown(run.failure, kLongestSentence));
    }
    Q_EMIT told({shown(run.experimentName, kLongestName), sentence, isBad(run.state), isBad(run.state)});
}

void Tidings::tellOfExperiment(const RunRow& last)
{
    int finished = 0;
    int others = 0;
    for (const RunRow& run : m_runs) {
        if (!isOfTheSame(run, last)) continue;
        if (!isOver(run.state)) return;
        (run.state == RunState::Finished ? finished : others) += 1;
    }
    const int all = finished + others;
    if (all == 1 && isBad(last.state)) return; // said already
    const QString sentence = all == 1      ? tr("The run has ended: %1.").arg(nameOf(last))
                             : others == 0 ? tr("All %1 runs are finished.").arg(all)
                                           : tr("All %1 runs have ended; %2 are not finished.").arg(all).arg(others);
    Q_EMIT told({shown(last.experimentName, kLongestName), sentence, false, true});
}

void Tidings::setAlerts(const QVector<store::FiredAlert>& alerts)
{
    for (const store::FiredAlert& alert : alerts) {
        const auto run = std::find_if(m_runs.constBegin(), m_runs.constEnd(),
                                      [&](const RunRow& row) { return row.id == alert.runId; });
        const QString sentence = shown(alert.event.sentence, kLongestSentence);
        const bool isKnown = run != m_runs.constEnd();
        Q_EMIT told({isKnown ? shown(run->experimentName, kLongestName) : tr("Alert"),
                     isKnown ? tr("%1: %2").arg(nameOf(*run), sentence) : sentence, true, true});
    }
}

} // namespace gradus::viewmodels
