// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the groups of a comparison are points of a curve: one number varied, everything else kept
// or bound to it. Pure.
#pragma once

#include "compare/run_groups.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::compare {

/// The groups as points of lines over one swept number.
struct SweptAxis
{
    std::string key;                ///< "signals.source[0].rate"
    std::string label;              ///< "noise rate"
    std::vector<double> places;     ///< one a group
    std::vector<std::size_t> line;  ///< one a group: which of the lines
    std::vector<std::string> lines; ///< what tells them from each other; one line alone has an empty name
    /// Other numbers that rise or fall with the places, one to one, so that a curve over one is a curve over all:
    /// the labels that a source more must do with where votes are bought.
    std::vector<std::string> followers = {};
};

/// The number with most different values among those that leave at least three groups on every line. The number of
/// sources counts as one. None where groups are no such curve.
std::optional<SweptAxis> sweptAxis(const std::vector<ComparedRun>& runs, const Grouping& grouping);

} // namespace gradus::compare
