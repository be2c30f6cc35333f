// SPDX-License-Identifier: GPL-3.0-or-later
// Who looks at a call before it is executed, and what may come of that.
#pragma once

#include "scenario/transcript.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::scenario {

struct Review
{
    Decision decision = Decision::Approve;
    std::optional<ToolCall> instead = {}; ///< of Modify: what is executed
    std::string why = {};                 ///< one sentence of ours; the agent is told it
};

/// Asked from the thread that runs the episode, before each call; the call waits for it. A call that is rejected,
/// escalated (nobody is there who could allow it) or terminated is not executed and stays in the transcript.
class Gate
{
public:
    virtual ~Gate() = default;
    virtual Review review(const ToolCall& call, const std::vector<Record>& before) = 0;
};

} // namespace gradus::scenario
