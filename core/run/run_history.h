// SPDX-License-Identifier: GPL-3.0-or-later
// What the store knows of finished runs that are like some that are to begin: how long they took, how far seeds spread.
#pragma once

#include "spec/experiment.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradus::run {

struct PastRun
{
    spec::Experiment experiment;
    double seconds = 0;            ///< from its claim to its end
    std::optional<double> utility; ///< of its last generation
};

struct RunHistory
{
    std::map<std::string, std::vector<PastRun>> bySettings;     ///< by settingsOf
    std::map<std::string, std::vector<PastRun>> bySurroundings; ///< by surroundingsOf
};

/// All that decides how long a run takes: everything but its names and its seed.
std::string settingsOf(spec::Experiment experiment);
/// What runs must share for the work of one to tell the seconds of the other: procedure, task, ladder, threads.
std::string surroundingsOf(const spec::Experiment& experiment);

/// The newest finished runs of the same procedures. Empty where there is no store, or none that can be read:
/// what is wrong with a store is said by whoever writes to it.
RunHistory readHistory(const std::vector<spec::RunSpec>& wanted, const std::filesystem::path& store);

/// Standard deviation of the last utility over seeds of one setting, pooled over those settings of `runs` that have two
/// finished seeds or more; none without any.
std::optional<double> seedDeviation(const RunHistory& history, const std::vector<spec::RunSpec>& runs);

} // namespace gradus::run
