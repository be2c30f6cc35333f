// SPDX-License-Identifier: GPL-3.0-or-later
// What earlier processes of a run left behind: reports in the store, and weights beside it.
#pragma once

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
    std::vector<JournalEntry> attempts;             ///< in order
    std::map<std::int64_t, double> utility;         ///< held-out, by step
};

/// The record of a generation that was trained to its end and not rolled back; nullptr without one.
const events::GenerationRecord* finishedRecord(const Past& past, int generation);

/// Weights that an earlier process saved, if they still are what was recorded.
std::optional<engine::TunedModel> weightsReadBack(const std::filesystem::path& file, const std::string& recorded);

} // namespace gradus::pipeline
