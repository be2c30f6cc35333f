// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's loop over generations: competence, risk discovery, value alignment, next gap. Readable top to bottom.
#pragma once

#include "events/events.h"
#include "pipeline/attempt_journal.h"
#include "pipeline/stage_context.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// What earlier processes of this run reported.
struct Past
{
    std::vector<events::GenerationRecord> finished; ///< their weights are read back and checked against their hash
    std::vector<JournalEntry> attempts;             ///< in order
    std::map<std::int64_t, double> utility;         ///< held-out, by step
};

/// Runs all generations; rolled back ones are tried again through another rung while the controller finds one.
/// ErrorKind::Stopped when the stop flag ended it.
Result<void> runProgressive(const StageContext& context, const Past& past);

} // namespace gradus::pipeline
