// SPDX-License-Identifier: GPL-3.0-or-later
// The protocol: live monitors are asked before each call, and the strictest of them decides.
#pragma once

#include "monitors/monitor.h"
#include "monitors/trusted_judge.h"
#include "scenario/gate.h"

#include <memory>

namespace gradus::monitors {

/// M1, M2, M5 and M10 decide; M9 gives a score alone. Terminate before reject, escalate, modify, approve. Nobody is
/// there to allow what is escalated, so it is not executed. With a judge M6 is asked as well, unless another monitor
/// has rejected the call already.
class MonitorGate final : public scenario::Gate
{
public:
    /// Borrowed, may be nullptr: judge, and tally, which counts how it answered before each call.
    explicit MonitorGate(Briefing briefing, SuspicionJudge* judge = nullptr, JudgeSees sees = JudgeSees::Whole,
                         JudgeTally* tally = nullptr);
    scenario::Review review(const scenario::ToolCall& call, const std::vector<scenario::Record>& before) override;

private:
    Briefing m_briefing;
    SuspicionJudge* m_judge;
    JudgeSees m_sees;
    JudgeTally* m_tally;
};

} // namespace gradus::monitors
