// SPDX-License-Identifier: GPL-3.0-or-later
// Configurations side by side as text: the rows of Compare's Diff for a spreadsheet, a script or a paper. Pure.
#pragma once

#include "compare/spec_diff.h"
#include "compare/table_text.h"

#include <string>
#include <vector>

namespace gradus::compare {

/// What differs between groups, and what they are made of.
struct DiffTable
{
    std::vector<std::string> groups; ///< names of the columns
    std::vector<DiffRow> keys;
    std::vector<DiffRow> origins; ///< hashes: "configuration", "data of generation 1"
};

/// Keys that differ (of a single group all), and everything that the runs are made of and by.
DiffTable differencesOf(const std::vector<ComparedRun>& runs, const Grouping& grouping);

/// CSV and JSON hold whole values, Markdown and LaTeX the brief ones; a key that a group lacks is empty (JSON: null, in
/// a paper a dash). Ends in a line break. Names and values come from experiment files: they are escaped for the format.
std::string textOf(const DiffTable& table, TextFormat format);

} // namespace gradus::compare
