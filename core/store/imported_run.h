// SPDX-License-Identifier: GPL-3.0-or-later
// Runs without an experiment: those that another program made, written whole (finished, with their origin as the text
// of their experiment), and those of a verb that plays episodes.
#pragma once

#include "base/result.h"
#include "store/records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::store {

class Database;

/// Inserts it in state Queued and returns its id. Call inside a write transaction.
Result<std::int64_t> insertOtherRun(Database& database, const OtherRun& run);

struct ImportedRun
{
    std::string uuid;
    std::string experimentName;
    std::string experimentText; ///< TOML; its hash is the experiment's
    std::string runText;        ///< TOML of this one run
    std::string condition;
    std::int64_t seed = 1;
    double startedAt = 0; ///< wall seconds; 0: unknown
    double endedAt = 0;
    bool failed = false;
    std::string origin; ///< one sentence; becomes an event
    std::vector<SeriesPoints> series = {};
};

/// Call inside a write transaction. There must be no run of this UUID. Its points have a pyramid, and where it has a
/// series utility/competence its last value is the utility of one generation. Returns the run's id.
Result<std::int64_t> writeImportedRun(Database& database, ImportedRun run);

} // namespace gradus::store
