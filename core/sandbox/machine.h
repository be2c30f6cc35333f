// SPDX-License-Identifier: GPL-3.0-or-later
// What this machine offers for cells, in sentences; and how fast cells are here.
#pragma once

#include "base/result.h"
#include "sandbox/cell_options.h"

#include <cstddef>
#include <string>
#include <vector>

namespace gradus::sandbox {

struct MachineRow
{
    bool good = true;
    std::string subject;  ///< one word
    std::string sentence; ///< what is there, or what is missing and its cure
};

/// Bubblewrap and its version, user namespaces, control groups, the account, and a cell of every level that was really
/// started. Takes about a quarter of a second.
std::vector<MachineRow> examineSandbox(const CellOptions& options);

struct CellBench
{
    int episodes = 0;
    double cellsPerSecond = 0;
    double cellMedian = 0; ///< seconds from nothing to a proved cell
    double cellP95 = 0;
    double commandMedian = 0; ///< seconds of /bin/true in a living cell; at level 1 of a stat()
    double commandP95 = 0;
    double endMedian = 0; ///< seconds to end a cell and collect everything
    /// What is left of the cells' processes, and what this process has more of after the episodes than before: each
    /// must be 0.
    long leakedProcesses = 0;
    long leakedDescriptors = 0;
    long leakedMounts = 0;
    long leakedThreads = 0;
};

/// One episode after another: a cell, `commands` commands, its end.
Result<CellBench> benchCells(const CellOptions& options, int episodes, int commands);

} // namespace gradus::sandbox
