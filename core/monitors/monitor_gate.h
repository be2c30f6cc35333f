// SPDX-License-Identifier: GPL-3.0-or-later
// The protocol: live monitors are asked before each call, and the strictest of them decides.
#pragma once

#include "monitors/monitor.h"
#include "scenario/gate.h"

#include <memory>

namespace gradus::monitors {

/// M1, M2, M5 and M10 decide; M9 gives a score alone. Terminate before reject, escalate, modify, approve. Nobody is
/// there to allow what is escalated, so it is not executed.
class MonitorGate final : public scenario::Gate
{
public:
    explicit MonitorGate(Briefing briefing);
    scenario::Review review(const scenario::ToolCall& call, const std::vector<scenario::Record>& before) override;

private:
    Briefing m_briefing;
};

} // namespace gradus::monitors
