// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/watched_rules.h"

#include "events/alert_events.h"

namespace gradus::viewmodels {

std::vector<WatchedRule> watchedRules(const std::vector<store::EventRow>& events)
{
    std::vector<WatchedRule> watched;
    for (const store::EventRow& event : events) {
        if (event.kind != events::kAlertRulesEvent) continue;
        const auto lines = events::alertLinesOf(event.detailsJson);
        if (!lines) continue;
        const auto rules = spec::alertRulesFromLines(*lines);
        if (!rules) continue; // of a later version
        watched.clear();
        for (const spec::AlertRule& rule : *rules)
            watched.push_back({rule});
    }
    for (const store::EventRow& event : events) {
        if (event.kind != events::kAlertEvent) continue;
        const auto words = events::firedRuleOf(event.detailsJson);
        for (WatchedRule& one : watched) {
            if (!words || spec::textOf(one.rule) != *words) continue;
            ++one.fired;
            one.lastStep = event.step;
        }
    }
    return watched;
}

std::vector<spec::AlertRule> rulesOf(const std::vector<WatchedRule>& watched)
{
    std::vector<spec::AlertRule> rules;
    for (const WatchedRule& one : watched)
        rules.push_back(one.rule);
    return rules;
}

} // namespace gradus::viewmodels
