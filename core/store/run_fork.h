// SPDX-License-Identifier: GPL-3.0-or-later
// A run's past as the beginning of another run, and a run put back to an earlier generation. Nothing is lost by either.
#pragma once

#include "base/result.h"
#include "events/events.h"
#include "spec/experiment.h"
#include "store/records.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gradus::store {

/// A new run that holds what another one had said at the end of a generation.
struct Branch
{
    std::int64_t parent = 0;
    int generation = 1; ///< the last one that is kept
    std::string uuid;   ///< of the new run; its weights lie there already
    spec::RunSpec run;  ///< the parent's, with other settings for what is to come
    std::string sourceToml;
    events::RunEvent lineage; ///< kBranchedEvent
};

/// In one transaction: the new run in state Queued, with the parent's generations, stages, points, events, votes and
/// episodes up to that generation. Its id.
/// @param queued  it also takes a place at the end of the queue
Result<std::int64_t> addBranch(const std::filesystem::path& store, const Branch& branch, bool queued);

/// A run put back to the end of a generation.
struct RollBack
{
    std::int64_t run = 0;
    int generation = 1;                 ///< the last one that is kept
    std::string uuid;                   ///< of the run that takes what is superseded; its weights lie there already
    events::RunEvent marks;             ///< kSupersededEvent, said in the run that takes it
    std::vector<events::RunEvent> said; ///< in the run itself
};

/// In one transaction: all of the run as it is becomes another, stopped run, and the run itself keeps what it had said
/// at the end of that generation, in state Stopped. Refused while a process works on it, where it is finished or waits
/// in the queue. The id of the run that took what is superseded.
Result<std::int64_t> rollBack(const std::filesystem::path& store, const RollBack& rollBack);

} // namespace gradus::store
