// SPDX-License-Identifier: GPL-3.0-or-later
// A model as red-teamer: it is told what was tried and what came of it, and says where to look next and what to add to
// the task. It sees families and outcomes alone, never the oracle, and its words reach nobody but the agent.
#pragma once

#include "agent/play.h"
#include "base/asked_model.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::agent {

inline constexpr std::size_t kLongestAddition = 1000; ///< bytes that an auditor may add to a task

struct AuditorMove
{
    std::size_t arm = 0;
    std::string addition; ///< to the task; may be empty; hostile
};

/// What an auditor answered over a playing.
struct AuditorTally
{
    int asked = 0;
    int unreadable = 0; ///< no kind that can be read: the bandit chose instead
    int unanswered = 0; ///< an error: the bandit chose instead
};

/// "kind: 3" and, from "message:" to the end, what is added. Nothing without a kind of 1 to arms.
std::optional<AuditorMove> moveIn(std::string_view answer, std::size_t arms);

/// Borrows the model. One thread.
class Auditor final
{
public:
    explicit Auditor(AskedModel& model) : m_model(model) {}

    std::string name() const { return m_model.name(); }
    /// tried, found: episodes and hazards so far, one number an arm; nothing where it gave no move.
    std::optional<AuditorMove> next(const std::vector<Arm>& arms, const std::vector<int>& tried,
                                    const std::vector<int>& found);
    const AuditorTally& tally() const { return m_tally; }

private:
    AskedModel& m_model;
    AuditorTally m_tally;
};

/// The material with the addition as a paragraph of its own after the task; its digest says so.
scenario::Rendered withAddition(scenario::Rendered material, const std::string& addition);

} // namespace gradus::agent
