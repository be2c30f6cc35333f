// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/alert_desk.h"

#include "base/clock.h"
#include "events/alert_events.h"

#include <algorithm>

namespace gradus::run {

AlertDesk::AlertDesk(events::EventSink& inner, const std::vector<spec::AlertRule>& rules) : m_inner(inner)
{
    setRules(rules);
}

void AlertDesk::setRules(const std::vector<spec::AlertRule>& rules)
{
    const std::lock_guard lock(m_mutex);
    std::vector<AlertWatch> watches;
    for (const spec::AlertRule& rule : rules) {
        const auto known = std::find_if(m_watches.begin(), m_watches.end(),
                                        [&](const AlertWatch& watch) { return watch.rule() == rule; });
        watches.push_back(known != m_watches.end() ? *known : AlertWatch(rule, monotonicSeconds()));
    }
    m_watches = std::move(watches);
}

std::vector<spec::AlertRule> AlertDesk::rules() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<spec::AlertRule> rules;
    for (const AlertWatch& watch : m_watches)
        rules.push_back(watch.rule());
    return rules;
}

void AlertDesk::tick(bool held)
{
    std::vector<events::RunEvent> alerts;
    {
        const std::lock_guard lock(m_mutex);
        const double now = monotonicSeconds();
        for (AlertWatch& watch : m_watches) {
            if (held) watch.hold(now);
            if (const auto what = watch.tick(now)) alerts.push_back(fired(watch.rule(), *what, m_step));
        }
    }
    for (const events::RunEvent& event : alerts)
        m_inner.event(event);
}

void AlertDesk::point(const events::MetricPoint& point)
{
    m_inner.point(point);
    std::vector<events::RunEvent> alerts;
    {
        const std::lock_guard lock(m_mutex);
        m_step = std::max(m_step, point.step);
        for (AlertWatch& watch : m_watches) {
            if (watch.rule().series != point.series) continue;
            if (const auto what = watch.point(point.step, point.value, monotonicSeconds()))
                alerts.push_back(fired(watch.rule(), *what, point.step));
        }
    }
    for (const events::RunEvent& event : alerts)
        m_inner.event(event);
}

void AlertDesk::progress(const events::Progress& progress)
{
    {
        const std::lock_guard lock(m_mutex);
        m_generation = progress.generation;
    }
    m_inner.progress(progress);
}

events::RunEvent AlertDesk::fired(const spec::AlertRule& rule, const std::string& what, std::int64_t step) const
{
    return events::alertEvent(spec::textOf(rule), rule.series, what, m_generation, step);
}

} // namespace gradus::run
