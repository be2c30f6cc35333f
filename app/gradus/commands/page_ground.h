// SPDX-License-Identifier: GPL-3.0-or-later
// What a page about runs rests on: which runs, where they come from, and how they and the page are made again.
#pragma once

#include "report/report.h"
#include "store/records.h"

#include <string>
#include <utility>
#include <vector>

namespace gradus::app {

struct PageGround
{
    std::vector<std::string> origins; ///< a sentence an experiment and task: conditions, seeds and runs
    std::vector<std::pair<std::string, std::string>> files; ///< that the runs came from: name and text
    report::Table runs;                                     ///< every run, where it was made and its last weights
    std::string command;                                    ///< makes the page again; ends in a line break
};

/// The command that a page is made by.
struct PageCommand
{
    std::string verb;                      ///< of `gradus`
    std::vector<std::string> choice = {};  ///< option and value that the runs were chosen by; empty: by their names
    std::vector<std::string> options = {}; ///< of the verb's own, as they are typed
};

/// Without files nothing says how to run it again.
PageGround groundOf(const std::vector<store::RunDetail>& runs, std::vector<std::pair<std::string, std::string>> files,
                    const PageCommand& command);

/// "To run it again": the commands, the files as they stand, the runs.
report::Section rerunSection(const PageGround& ground);

} // namespace gradus::app
