// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs a user means by names: the one way in which every verb and page chooses them from a store.
#pragma once

#include "base/result.h"
#include "store/store_reader.h"

#include <string>
#include <vector>

namespace gradus::store {

/// Runs that are meant by names, each once, in the order named: run ids or their first characters, or names of
/// experiments (the newest experiment of that name, its runs oldest first). No name: the store's newest experiment. Bad
/// input: an empty store, or a name that is neither.
Result<std::vector<RunRow>> chosenRuns(const StoreReader& reader, const std::vector<std::string>& names);

/// The other way round: names by which chosenRuns means these runs and no others, in their order, as the store is now.
/// Experiments where that does, else ids, by their first characters where these are enough.
struct RunNames
{
    std::vector<std::string> names;
    bool areIds = false;
};
Result<RunNames> namesMeaning(const StoreReader& reader, const std::vector<RunRow>& runs);

enum class Versions
{
    Newest, ///< of an experiment that was run with several settings the newest alone
    All,
};
/// Runs of experiments of that name, oldest first; bad input when there is none.
Result<std::vector<RunRow>> runsOfExperiment(const StoreReader& reader, const std::string& name, Versions versions);

/// What is known of these runs, without their points.
Result<std::vector<RunDetail>> detailsOf(const StoreReader& reader, const std::vector<RunRow>& runs);

} // namespace gradus::store
