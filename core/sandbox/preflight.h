// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in front of everything that a model wrote: the quick battery, level by level, once a process.
#pragma once

#include "base/result.h"
#include "sandbox/battery.h"
#include "sandbox/cell.h"
#include "sandbox/cell_options.h"

#include <string>
#include <string_view>
#include <vector>

namespace gradus::sandbox {

struct Preflight
{
    Level level = Level::Simulated;   ///< that was asked for
    std::vector<BatteryReport> tried; ///< levels 1, 2, ...: the next only where the one before held
    std::string refusal;              ///< empty: it held; else one sentence that names the layer
    double seconds = 0;               ///< that it took when it was tried

    bool held() const { return refusal.empty(); }
};

/// Blocks for about a second a level the first time that a process asks for the level of this bubblewrap; after that it
/// is remembered, also that a level did not hold. That no cell started is tried again: a machine under load fails now
/// and then. From any thread; others wait meanwhile.
Preflight preflight(const CellOptions& options);

/// A cell for what a model wrote: Refused, with the layer's name, where its level was not shown to hold in this
/// process. What runs only this program's own words in a cell starts one with Cell::start.
Result<Cell> startProven(const CellOptions& options);

/// The layer that answers for a vector, or "several".
std::string ownerOf(std::string_view vector);

} // namespace gradus::sandbox
