// SPDX-License-Identifier: GPL-3.0-or-later
// Whether JSON from outside may be handed to what calls itself for every level: copying, printing, reading further
// down.
#pragma once

#include <cstddef>
#include <string_view>

namespace gradus {

inline constexpr std::size_t kDeepestRecord = 64; ///< of rows, cells and records

/// Whether lists and objects stand in each other deeper than that, from the brackets outside of strings. Linear, looks
/// at no more than it must; text that is no JSON gets some answer.
bool isJsonDeeper(std::string_view json, std::size_t most = kDeepestRecord);

} // namespace gradus
