// SPDX-License-Identifier: GPL-3.0-or-later
// Colours of series in charts, in the order of their cycle: the window's and a report's are the same.
#pragma once

#include <array>

namespace gradus {

inline constexpr std::array<unsigned, 8> kSeriesOnLight = {0x2b66d9, 0xc9630a, 0x1b7f50, 0x7446c9,
                                                           0xb02a7a, 0x0b7c8a, 0x7d5426, 0x5f6b78};
inline constexpr std::array<unsigned, 8> kSeriesOnDark = {0x79a6ff, 0xf0a257, 0x53c48d, 0xb191f5,
                                                          0xec7cbb, 0x4cc3d1, 0xcda06c, 0xa3afbd};

} // namespace gradus
