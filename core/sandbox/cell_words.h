// SPDX-License-Identifier: GPL-3.0-or-later
// What failures of a cell and its end are called: internal to the room.
#pragma once

#include "sandbox/cell.h"

#include <string>
#include <string_view>

namespace gradus::sandbox {

/// One sentence for a tool call that failed; `what` may be a model's.
std::string sentenceOf(ToolError error, int fault, std::string_view what);

/// The end that a keeper's words after "ended" mean.
CellEnd endOf(const std::string& words);

} // namespace gradus::sandbox
