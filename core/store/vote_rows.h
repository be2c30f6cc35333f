// SPDX-License-Identifier: GPL-3.0-or-later
// Raw votes of signal sources as rows: tables source and label.
#pragma once

#include "base/result.h"
#include "events/events.h"
#include "store/records.h"
#include "store/vote_count.h"

#include <cstdint>
#include <vector>

namespace gradus::store {

class Database;

/// Inside the caller's write transaction. The source's earlier votes of that generation go.
Result<void> writeVotes(Database& database, std::int64_t runId, const events::VoteRecord& votes);

/// Of a run's generation, sources in the order of their first vote, items ascending. A row without a class is an
/// abstention. Bad input where stored probabilities have another width than their neighbours'.
Result<std::vector<events::VoteRecord>> readVotes(Database& database, std::int64_t runId, int generation);

/// How much each source said, by generation and then in the order in which the sources came.
Result<std::vector<VoteCount>> countVotes(Database& database, std::int64_t runId);

} // namespace gradus::store
