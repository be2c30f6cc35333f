// SPDX-License-Identifier: GPL-3.0-or-later
// The vectors that need a cell of their own or the host's part: each tried outside and inside.
#pragma once

#include "sandbox/cell.h"
#include "sandbox/host_stage.h"

namespace gradus::sandbox {

struct BothSides
{
    ProbeAnswer outside;
    ProbeAnswer inside;
};

/// Puts the probe program into the cell and runs probes there. An error means that the cell was lost.
Result<ProbeAnswers> probeInside(Cell& cell, const HostStage& stage, const std::vector<std::string_view>& ids,
                                 const std::vector<std::string>& more, double seconds);

/// Of one probe; no outcome where it said nothing.
ProbeAnswer answerOf(const ProbeAnswers& answers, std::string_view id);

/// Uses something up in a cell with small limits, to just beyond them.
Result<BothSides> tryLoad(std::string_view id, const CellOptions& options, const Weakening& weakening,
                          const HostStage& stage);
Result<BothSides> tryAct(std::string_view id, const CellOptions& options, const Weakening& weakening,
                         const HostStage& stage);

/// Puts the probe's program into a cell, at probePath.
Result<void> bringProbe(Cell& cell);
inline constexpr const char* probePath = "/tmp/gradus-probe";

} // namespace gradus::sandbox
