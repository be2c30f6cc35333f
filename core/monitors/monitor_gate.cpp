// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitors/monitor_gate.h"

#include <algorithm>
#include <array>
#include <utility>

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

MonitorGate::MonitorGate(Briefing briefing, SuspicionJudge* judge, JudgeSees sees, JudgeTally* tally)
    : m_briefing(std::move(briefing)), m_judge(judge), m_sees(sees), m_tally(tally)
{
}

scenario::Review MonitorGate::review(const scenario::ToolCall& call, const std::vector<scenario::Record>& before)
{
    const View view{.briefing = m_briefing, .records = before, .pending = &call};
    scenario::Review review;
    const auto heed = [&review](Report report) {
        if (strictness(report.decision) <= strictness(review.decision)) return;
        review.decision = report.decision;
        review.why = reasonOf(report);
        review.instead = std::move(report.instead);
    };
    for (const Monitor& monitor : monitors())
        if (monitor.live && monitor.id != "M9") heed(monitor.look(view));
    if (m_judge == nullptr || strictness(review.decision) >= strictness(Decision::Reject)) return review;
    Report report = trustedJudge(view, *m_judge, m_sees);
    if (m_tally != nullptr) m_tally->count(report);
    heed(std::move(report));
    return review;
}

} // namespace gradus::monitors
