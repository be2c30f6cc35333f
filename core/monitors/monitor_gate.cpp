// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitors/monitor_gate.h"

#include <algorithm>
#include <array>

namespace gradus::monitors {

namespace {

using scenario::Decision;

/// Decisions in the order of their strictness.
int strictness(Decision decision)
{
    static constexpr std::array order{Decision::Approve, Decision::Modify, Decision::Escalate, Decision::Reject,
                                      Decision::Terminate};
    return static_cast<int>(std::find(order.begin(), order.end(), decision) - order.begin());
}

std::string reasonOf(const Report& report)
{
    const auto worst = std::max_element(report.findings.begin(), report.findings.end(),
                                        [](const Finding& a, const Finding& b) { return a.weight < b.weight; });
    return std::string(report.monitor) + ": " + (worst == report.findings.end() ? "suspicious." : worst->why);
}

} // namespace

MonitorGate::MonitorGate(Briefing briefing) : m_briefing(std::move(briefing)) {}

scenario::Review MonitorGate::review(const scenario::ToolCall& call, const std::vector<scenario::Record>& before)
{
    const View view{.briefing = m_briefing, .records = before, .pending = &call};
    scenario::Review review;
    for (const Monitor& monitor : monitors()) {
        if (!monitor.live || monitor.id == "M9") continue;
        Report report = monitor.look(view);
        if (strictness(report.decision) <= strictness(review.decision)) continue;
        review.decision = report.decision;
        review.instead = std::move(report.instead);
        review.why = reasonOf(report);
    }
    return review;
}

} // namespace gradus::monitors
