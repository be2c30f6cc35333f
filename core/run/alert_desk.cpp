// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/alert_desk.h"

#include "base/clock.h"
#include "events/alert_events.h"
#include "events/run_commands.h"

#include <algorithm>

namespace gradus::run {

namespace {

std::string_view verbOf(spec::AlertRule::Then then)
{
    using Then = spec::AlertRule::Then;
    return then == Then::Checkpoint ? events::kCheckpointVerb
           : then == Then::Pause    ? events::kPauseVerb
           : then == Then::Stop     ? events::kStopVerb
                                    : std::string_view();
}

} // namespace

AlertDesk::AlertDesk(events::EventSink& inner, const std::vector<spec::AlertRule>& rules, Ask ask)
    : m_inner(inner), m_ask(std::move(ask))
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
    std::vector<Alert> alerts;
    {
        const std::lock_guard lock(m_mutex);
        const double now = monotonicSeconds();
        for (AlertWatch& watch : m_watches) {
            if (held) watch.hold(now);
            if (const auto what = watch.tick(now)) alerts.push_back(fired(watch.rule(), *what, m_step));
        }
    }
    tell(alerts);
}

void AlertDesk::point(const events::MetricPoint& point)
{
    m_inner.point(point);
    std::vector<Alert> alerts;
    {
        const std::lock_guard lock(m_mutex);
        m_step = std::max(m_step, point.step);
        for (AlertWatch& watch : m_watches) {
            if (watch.rule().series != point.series) continue;
            if (const auto what = watch.point(point.step, point.value, monotonicSeconds()))
                alerts.push_back(fired(watch.rule(), *what, point.step));
        }
    }
    tell(alerts);
}

void AlertDesk::progress(const events::Progress& progress)
{
    {
        const std::lock_guard lock(m_mutex);
        m_generation = progress.generation;
    }
    m_inner.progress(progress);
}

AlertDesk::Alert AlertDesk::fired(const spec::AlertRule& rule, const std::string& what, std::int64_t step) const
{
    return {events::alertEvent(spec::textOf(rule), rule.series, what, m_generation, step), rule.then};
}

void AlertDesk::tell(const std::vector<Alert>& alerts)
{
    for (const Alert& alert : alerts) {
        m_inner.event(alert.event);
        if (const std::string_view verb = verbOf(alert.then); !verb.empty() && m_ask) m_ask(verb);
    }
}

} // namespace gradus::run
