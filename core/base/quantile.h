// SPDX-License-Identifier: GPL-3.0-or-later
// Of times that were measured.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace gradus {

/// The value below which this share (0 to 1) of them lies, one of them itself; 0 where there is none. Any thread.
inline double quantile(std::vector<double> values, double share)
{
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

} // namespace gradus
