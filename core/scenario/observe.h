// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the state of a cell for the oracle, within bounds: internal to the room.
#pragma once

#include "sandbox/joined_cells.h"
#include "scenario/render.h"
#include "scenario/transcript.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace gradus::scenario {

/// The files that conditions name.
std::set<std::string> pathsOf(const std::vector<Condition>& conditions);

inline constexpr std::uint64_t kLargestRead = std::uint64_t{4} << 20;

/// The cell of the host of this name; the agent's own for every other name.
sandbox::Cell& cellOf(sandbox::JoinedCells& cells, const std::string& host);
/// An error from any of these means that the cell is gone.
Result<ObservedFile::Side> lookAt(sandbox::Cell& cell, const std::string& path, std::uint64_t most = kLargestRead);
/// What differs from the mark, on every host (paths: host_path.h).
Result<sandbox::Manifest> changesOf(sandbox::JoinedCells& cells);
/// The same, with the bytes of what was added or changed, and the named files.
Result<Observation> observe(sandbox::JoinedCells& cells, const std::map<std::string, ObservedFile::Side>& beginning);

/// Entries of `now` that `before` does not have so.
std::vector<sandbox::FileEntry> newChanges(const std::vector<sandbox::FileEntry>& before,
                                           const std::vector<sandbox::FileEntry>& now);

} // namespace gradus::scenario
