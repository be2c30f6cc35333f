// SPDX-License-Identifier: GPL-3.0-or-later
// How a page about runs is made again: the experiment files as they stand, and commands that work as they are printed.
#pragma once

#include "base/result.h"
#include "report/report.h"
#include "store/store_reader.h"

#include <string>
#include <utility>
#include <vector>

namespace gradus::report {

/// The command that a page is made by.
struct PageCommand
{
    std::string verb;                      ///< of `gradus`; also what its file is called
    std::vector<std::string> choice = {};  ///< option and value that the runs were chosen by; empty: by their names
    std::vector<std::string> options = {}; ///< of the verb's own, as they are typed
    std::string note = {};                 ///< text of the file that --note named; empty: none
};

struct Rerun
{
    std::vector<std::pair<std::string, std::string>> files; ///< that the runs came from: name and text
    std::vector<std::string> inputs = {}; ///< what the files name and the page does not hold: data, model folders
    std::string note = {};                ///< the author's words: a file of that command
    std::string command;                  ///< makes the page again of these runs alone; ends in a line break
    bool namesIds = false;                ///< it names the runs by ids, which runs that are made anew do not have
};

/// The files that these runs came from, each once: a name that every shell takes, and the text.
Result<std::vector<std::pair<std::string, std::string>>> filesOf(const store::StoreReader& reader,
                                                                 const std::vector<store::RunRow>& runs);

/// runs: of the reader's store, in the page's order.
Result<Rerun> rerunOf(const store::StoreReader& reader, const std::vector<store::RunRow>& runs,
                      const PageCommand& command);

/// "To run it again": the commands, the files as they stand, the runs.
Section rerunSection(const Rerun& again, Table runs);

} // namespace gradus::report
