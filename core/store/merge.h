// SPDX-License-Identifier: GPL-3.0-or-later
// Brings the runs of another store into this one; runs carry UUIDs, so that doing it twice changes nothing.
#pragma once

#include "base/result.h"
#include "base/stop.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gradus::store {

/// A run that stayed where it was, and why, as one sentence without its name.
struct SkippedRun
{
    std::string name; ///< "gap-annealing, seed 3 (1a2b3c4d)"
    std::string why;
};

struct MergeReport
{
    std::vector<std::string> merged;   ///< names as above
    std::vector<std::string> replaced; ///< those of them that were here in an earlier state
    std::vector<SkippedRun> skipped;
    std::int64_t alreadyHere = 0;
    std::int64_t marked = 0; ///< runs that were here and got tags or a note from there
};

struct MergeOptions
{
    /// A run that is here already is replaced where the other store's has gone further.
    bool replace = false;
    const StopFlag* stop = nullptr; ///< asked between runs
};

/// Checks all of the other store first and refuses it, untouched target, when it is not whole. Then a transaction a
/// run: each is here whole or not at all, and workers of the target may go on meanwhile. A run that a living process
/// works on, or that waits in a queue, is skipped by name. Tags and notes of a run that is here are joined. Checkpoint
/// files stay where they are. Bad input: no store, a damaged, older or newer one, or the target itself.
Result<MergeReport> mergeStore(const std::filesystem::path& target, const std::filesystem::path& other,
                               const MergeOptions& options = {});

} // namespace gradus::store
