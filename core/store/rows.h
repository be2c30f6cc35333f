// SPDX-License-Identifier: GPL-3.0-or-later
// Reading runs and what belongs to them into records; shared by the reader, the writer's resume point and the checks.
#pragma once

#include "base/result.h"
#include "store/fired_alert.h"
#include "store/records.h"
#include "store/run_owner.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::store {

class Database;

std::optional<RunState> runStateFromName(const std::string& name);

/// All runs, newest first, or the one run; states are as a reader must show them (Crashed when the owner is gone).
Result<std::vector<RunRow>> readRuns(Database& database);
/// Nothing when there is no such run.
Result<std::optional<RunRow>> readRun(Database& database, std::int64_t runId);
/// Bad input "there is no run 7 ..." as an error.
Error noSuchRun(const Database& database, const std::string& name);

/// Who claimed a run, and when it was last heard of.
struct Ownership
{
    RunOwner process;
    double lastSeen = 0; ///< wall seconds of the last heartbeat, or of the start
};
/// Whether the owner is certainly gone, or lived where this process cannot look and was silent for kSilence seconds:
/// a container that was started anew must be able to resume its runs.
inline constexpr double kSilence = 600;
bool isGone(const Ownership& owner, double now);

/// Nothing when nobody owns the run or there is no such run.
Result<std::optional<Ownership>> readOwner(Database& database, std::int64_t runId);
Result<std::string> readSpec(Database& database, std::int64_t runId);
/// The experiment file as its author wrote it.
Result<std::string> readSource(Database& database, std::int64_t runId);
Result<std::vector<events::GenerationRecord>> readGenerations(Database& database, std::int64_t runId);
Result<std::vector<StageRow>> readStages(Database& database, std::int64_t runId);
Result<std::vector<EventRow>> readEvents(Database& database, std::int64_t runId);
/// Alerts of all runs with ids above newest, oldest first; none where it is negative. It becomes the id of the last
/// event there is.
Result<std::vector<FiredAlert>> readAlerts(Database& database, std::int64_t& newest);

} // namespace gradus::store
