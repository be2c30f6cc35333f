// SPDX-License-Identifier: GPL-3.0-or-later
// Another way from an earlier generation: as a run of its own, or by putting a run back. What was, stays.
#pragma once

#include "base/result.h"
#include "pipeline/past.h"
#include "store/records.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::run {

struct BranchRequest
{
    std::filesystem::path store;
    std::string run;                      ///< as StoreReader::findRun takes it
    int generation = 1;                   ///< the last one that is kept
    std::vector<std::string> assignments; ///< "key=value", for later generations alone
    bool queued = false;                  ///< it takes a place in the queue
};

/// What was made.
struct Branched
{
    std::string uuid;
    std::string parent;               ///< UUID
    std::vector<std::string> changed; ///< "gap.value = 0.3"
};

/// A new run, in state Queued, that begins after a generation of another one: with its reports, and with its weights
/// and hazards, each checked against the hash that the run recorded and shared on disk where the file system can. Bad
/// input: a generation that has not finished or whose weights are not those recorded, a setting that shaped the past, a
/// procedure without a way to go on from a generation.
Result<Branched> branchRun(const BranchRequest& request);

struct RollBackRequest
{
    std::filesystem::path store;
    std::string run;
    int generation = 1;  ///< the last one that is kept
    bool reject = false; ///< the next generation's rung counts as one that failed its gate
};

/// A stopped, failed or crashed run goes back to the end of a generation; what came after is kept as a stopped run of
/// its own, whose UUID is returned. Resumed, the run makes the same generations again, unless one is rejected: then it
/// looks for another rung. Bad input as above, and where nothing came after; Refused where a process works on it.
Result<std::string> rollBackRun(const RollBackRequest& request);

/// What kBranchedEvent says to a process that works on the branch.
void readLineage(const store::EventRow& event, pipeline::Past& past);

} // namespace gradus::run
