// SPDX-License-Identifier: GPL-3.0-or-later
// The battery's part at level 4: what cells of one episode can do to each other. Internal to the room.
#pragma once

#include "sandbox/battery_acts.h"

#include <map>
#include <string>
#include <string_view>

namespace gradus::sandbox {

/// Every vector of VectorKind::Joined in one set of three cells: first to second to third, each over one declared port.
/// The positive controls are the same attempts where they were declared.
Result<std::map<std::string, BothSides>> tryJoined(const CellOptions& options, const Weakening& weakening);

/// One of VectorKind::JoinedLoad, under limits that are made small for it; the positive control is outside any cell.
Result<BothSides> tryJoinedLoad(std::string_view id, const CellOptions& options, const Weakening& weakening,
                                const HostStage& stage);

} // namespace gradus::sandbox
