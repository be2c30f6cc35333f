// SPDX-License-Identifier: GPL-3.0-or-later
// The single questions of a preflight.
#pragma once

#include "data/task.h"
#include "run/preflight.h"
#include "run/time_estimate.h"

#include <optional>
#include <vector>

namespace gradus::run {

/// What the tables of these runs will adjust their p values over, at most.
struct Comparisons
{
    std::size_t all = 0;
    std::size_t contrasts = 0; ///< of these what [report] asks for, besides every condition with the baseline
};
/// toml: the experiment's text, for its contrasts.
Comparisons comparisonsOf(const std::vector<spec::RunSpec>& runs, const std::string& toml);

/// @param deviation  of the last utility over seeds, where the store knows it
Tick seedsTick(const std::vector<spec::RunSpec>& runs, const Comparisons& comparisons, std::optional<double> deviation);
Tick ceilingTick(const std::vector<spec::RunSpec>& runs, const Workbench& bench);
Tick graderTick(const std::vector<spec::RunSpec>& runs, const Workbench& bench);
Tick dataTick(const std::vector<spec::RunSpec>& runs, const Workbench& bench);
Tick slotsTick(const std::vector<spec::RunSpec>& runs, int atOnce, int cores);
Tick memoryTick(double needed, double available, double total);
Tick diskTick(double needed, std::optional<double> available, const std::string& folder);
/// Of an experiment whose text limits its mix of sources; none where it does not.
std::optional<Tick> mixTick(const spec::Experiment& experiment, const std::string& toml);
Tick timeTick(const std::vector<RunTime>& times, double wall, double mostHours);

std::string bytesText(double bytes); ///< "8.1 MB"

} // namespace gradus::run
