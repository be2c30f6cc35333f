// SPDX-License-Identifier: GPL-3.0-or-later
// Which group of a comparison each group is held against: the same for the tables of a report, the window and the
// commands. Pure.
#pragma once

#include "compare/run_groups.h"

#include <cstddef>
#include <string>
#include <vector>

namespace gradus::compare {

/// What a group was measured on: the same text for items of the same kind. One a group.
std::vector<std::string> tasksOf(const Grouping& grouping, const std::vector<ComparedRun>& runs);

struct Baselines
{
    enum class Each
    {
        Task,    ///< what is right on one task says nothing about another
        Line,    ///< of a curve (see swept_axis.h): what is told apart by its line is not told apart by its place
        Student, ///< of a noise sweep: the same student without noise, whatever kind of noise it was called
    };
    Each each = Each::Task;           ///< has a baseline of its own
    std::vector<std::size_t> against; ///< one a group; itself: a baseline
};

/// `baseline`: the group that was asked for. It is the baseline of its own task, line or student; others have the group
/// that stands where it stands, else (a student) the one without noise, else the first of theirs.
Baselines baselinesOf(const std::vector<ComparedRun>& runs, const Grouping& grouping, std::size_t baseline);

} // namespace gradus::compare
