// SPDX-License-Identifier: GPL-3.0-or-later
// A run that another program made, written whole: finished, with its origin as the text of its experiment.
#pragma once

#include "base/result.h"
#include "store/records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::store {

class Database;

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
