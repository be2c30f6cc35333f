// SPDX-License-Identifier: GPL-3.0-or-later
// What uses something up, tried in cells with their usual limits: how each ends, how fast, and whether the worker is
// unharmed.
#pragma once

#include "base/result.h"
#include "sandbox/cell_options.h"

#include <string>
#include <vector>

namespace gradus::sandbox {

struct AbuseRow
{
    std::string abuse; ///< "fork bomb"
    std::string limit; ///< "64 processes"
    std::string ended; ///< what ended it, one sentence
    double seconds = 0;
    bool kept = false;   ///< it was ended as its limit says
    bool goesOn = false; ///< the same cell still answers
};

/// Five cells, about twenty seconds. After each the worker starts another cell, or this fails. Level: 2 or higher.
/// Refused where no cell starts.
Result<std::vector<AbuseRow>> tryAbuses(const CellOptions& options);

} // namespace gradus::sandbox
