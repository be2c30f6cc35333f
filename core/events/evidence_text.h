// SPDX-License-Identifier: GPL-3.0-or-later
// Kept evidence in words, for a terminal and for the window: hostile bytes are made visible here. Pure.
#pragma once

#include "events/evidence.h"

#include <cstddef>
#include <string>
#include <vector>

namespace gradus::events {

/// "level 3, hazard twin, unwatched, seed 4, pressure 2; model/small", in the order in which one would repeat it.
std::string originText(const Origin& origin);

/// "new, 120 bytes", "changed, 120 bytes to 98", "removed, 120 bytes", "left, 98 bytes (not looked at before)"; whether
/// it is cut.
std::string changeText(const KeptFile& file);

/// The lines that differ, each behind "- " or "+ ", at most so many (a last line says how many are left out). Lines
/// that both sides begin or end with are not there. Empty where a side was not looked at or is no text.
std::vector<std::string> changedLines(const KeptFile& file, std::size_t most);

} // namespace gradus::events
