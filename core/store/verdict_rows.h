// SPDX-License-Identifier: GPL-3.0-or-later
// What judges say of episodes as rows: tables verdict, verdict_change and preference.
#pragma once

#include "base/result.h"
#include "store/records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::store {

class Database;

/// Every verdict on an episode: the one of the run itself first, then in the order in which they were first given.
Result<std::vector<VerdictRow>> readVerdicts(Database& database, std::int64_t episodeId);

/// What people say of a run's episodes, by episode.
Result<std::vector<VerdictRow>> readPersonVerdicts(Database& database, std::int64_t runId);

/// Every change of people's verdicts on an episode, oldest first.
Result<std::vector<VerdictChange>> readVerdictChanges(Database& database, std::int64_t episodeId);

/// Preferences between two episodes of a run.
Result<std::vector<PreferenceRow>> readPreferences(Database& database, std::int64_t runId);

/// Inside the caller's write transaction: the verdict and its place in the journal. Nothing: it is withdrawn. Gives
/// what this person had said before.
Result<std::optional<Judgement>> writeJudgement(Database& database, std::int64_t episodeId, const std::string& person,
                                                const std::optional<Judgement>& judgement, double wall);

/// Inside the caller's write transaction. Gives the former choice; no choice now: it is withdrawn.
Result<std::string> writePreference(Database& database, const PreferenceRow& preference);

} // namespace gradus::store
