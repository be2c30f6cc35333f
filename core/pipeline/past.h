// SPDX-License-Identifier: GPL-3.0-or-later
// What earlier processes of a run left behind: reports in the store, and weights beside it.
#pragma once

#include "base/interval.h"
#include "engine/tuning.h"
#include "events/events.h"
#include "pipeline/attempt_journal.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradus::pipeline {

struct Past
{
    std::vector<events::GenerationRecord> finished; ///< their weights are read back and checked against their hash
    std::vector<JournalEntry> attempts = {};        ///< in order
    std::map<std::int64_t, double> utility = {};    ///< held-out, by step
    /// Generations up to this one are another run's: they are read back as they are, and where they stand is not
    /// decided anew. 0 in a run that is no branch.
    int inherited = 0;
    std::optional<Estimate> debate = {}; ///< accuracy of judges of debates on this task, by other runs of the store
    bool newSources = false;             ///< and later ones have other sources, which are paid for again
};

/// The record of a generation that was trained to its end and not rolled back; nullptr without one.
const events::GenerationRecord* finishedRecord(const Past& past, int generation);

/// Weights that an earlier process saved, if they still are what was recorded.
std::optional<engine::TunedModel> weightsReadBack(const std::filesystem::path& file, const std::string& recorded);

} // namespace gradus::pipeline
