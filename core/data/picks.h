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

/// Rows of the teacher's file that are kept back as anchors: the last `count` of generation 1's order (at most half of
/// the file). Generation 1 must then be given `available` less their number, and takes from the order's beginning.
std::vector<std::size_t> anchorPicks(std::size_t available, int count, std::uint64_t seed);
/// How many labelled rows generation 1 may take at most where anchors are kept back; count as asked (0: all).
int teacherRows(std::size_t available, int count, int anchors);

/// At most limit (0: all) rows, always the same, ascending.
std::vector<std::size_t> testPicks(std::size_t available, int limit);

} // namespace gradus::data
