// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/progress_meter.h"

#include "base/clock.h"

#include <algorithm>

namespace gradus::pipeline {

void ProgressMeter::skip(double units)
{
    m_done += units;
    m_skipped += units;
}

void ProgressMeter::begin(int generation, const std::string& activity, std::int64_t step)
{
    if (m_startedAt < 0) m_startedAt = monotonicSeconds();
    m_generation = generation;
    send(activity, step, 0, true);
}

void ProgressMeter::advance(double units, const std::string& activity, std::int64_t step, double tokensPerSecond)
{
    m_done += units;
    send(activity, step, tokensPerSecond, false);
}

void ProgressMeter::finish(std::int64_t step, int generation)
{
    m_generation = generation;
    m_done = m_total;
    send("finished", step, 0, true);
}

void ProgressMeter::send(const std::string& activity, std::int64_t step, double tokensPerSecond, bool always)
{
    m_activity = activity;
    m_step = std::max(m_step, step);
    const double now = monotonicSeconds();
    if (!always && now - m_sentAt < 0.2) return;
    m_sentAt = now;
    events::Progress progress = this->progress(activity, step);
    const double measured = m_done - m_skipped;
    // Below two per cent of the work the speed is not known well enough to promise anything.
    if (measured > 0.02 * m_total && now > m_startedAt)
        progress.secondsLeft = (now - m_startedAt) / measured * std::max(0.0, m_total - m_done);
    progress.tokensPerSecond = tokensPerSecond;
    m_sink.progress(progress);
}

void ProgressMeter::hold(double seconds)
{
    m_startedAt += seconds;
    const double now = monotonicSeconds();
    if (now - m_sentAt < 1) return;
    m_sentAt = now;
    m_sink.progress(progress("paused, " + m_activity, m_step));
}

events::Progress ProgressMeter::progress(const std::string& activity, std::int64_t step) const
{
    events::Progress progress;
    progress.fraction = std::clamp(m_done / m_total, 0.0, 1.0);
    progress.generation = m_generation;
    progress.generations = m_generations;
    progress.activity = activity;
    progress.step = step;
    return progress;
}

} // namespace gradus::pipeline
