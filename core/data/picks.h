// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows of a file are used, in one place, so that a model and its baseline see the same ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gradus::data {

/// Rows for generation i of `available`: count of them (0: all). Generation 1 has an order of its own (the teacher's
/// file), i >= 2 the next count of one order of the student's file, from its beginning again where all were used.
std::vector<std::size_t> trainingPicks(std::size_t available, int generation, int count, std::uint64_t seed);

/// At most limit (0: all) rows, always the same, ascending.
std::vector<std::size_t> testPicks(std::size_t available, int limit);

} // namespace gradus::data
