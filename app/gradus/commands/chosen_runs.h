// SPDX-License-Identifier: GPL-3.0-or-later
// The runs that a command line names, read from its store.
#pragma once

#include "base/result.h"
#include "store/store_reader.h"

#include <string>
#include <vector>

namespace gradus::app {

/// What is known of the runs that names mean (store::chosenRuns), without their points. store: as --store was given.
Result<std::vector<store::RunDetail>> chosenDetails(const std::string& store, const std::vector<std::string>& names);

/// One run of a store, which stays open for what else is asked of it.
struct OpenedRun
{
    store::StoreReader reader;
    store::RunDetail detail; ///< without points
};
/// name: its id, or the id's first characters.
Result<OpenedRun> openedRun(const std::string& store, const std::string& name);

inline constexpr const char* kFilterHelp =
    "Only runs of which this holds, as in the window's filter line: \"seed = 2 and gap.controller = adaptive\"";
/// All runs of which a filter line holds (filter::RunFilter), newest first; bad input: the line, or none of them.
Result<std::vector<store::RunRow>> filteredRuns(const store::StoreReader& reader, const std::string& line);

/// All runs of the experiments of that name, whatever was set for each (store::Versions::All).
Result<std::vector<store::RunDetail>> detailsOfAll(const std::string& store, const std::string& experiment);

} // namespace gradus::app
