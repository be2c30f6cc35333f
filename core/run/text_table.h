// SPDX-License-Identifier: GPL-3.0-or-later
// Tables for a terminal.
#pragma once

#include "base/interval.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::run {

inline constexpr std::size_t kAllWords = SIZE_MAX;
/// Columns as wide as their widest cell; the first `words` columns to the left, numbers to the right. Every code point
/// counts as one column. The first line is the heading.
std::string aligned(const std::vector<std::vector<std::string>>& lines, std::size_t words = 2);

/// "0.612 ±0.021"; where the interval is not as wide to either side "0.010 [0.002, 0.031]"; of a single value (n < 2)
/// or one that is no number, that alone, and a dash.
std::string figureCell(const std::optional<Estimate>& estimate, int decimals = 3, bool sign = false);

} // namespace gradus::run
