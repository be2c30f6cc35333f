// SPDX-License-Identifier: GPL-3.0-or-later
// What the runs of a comparison are made of and by: hashes of configuration, inputs and weights, code, environment.
// Pure.
#pragma once

#include "compare/run_groups.h"
#include "events/run_origin.h"

#include <string>
#include <vector>

namespace gradus::compare {

/// Something a group's runs are made of, named by its hash.
struct OriginRow
{
    std::string name;                ///< "configuration", "code: program"
    std::vector<std::string> values; ///< one a group: a hash or words, empty where it is not recorded
    bool differs = false;            ///< between the groups, or between the runs of one
};

/// What the store knows of where results come from: configuration (without seeds), task, inputs and weights of the
/// first generation ("varies with the seed" where the group's runs differ), then code and environment: who made every
/// run is in its history since the version that records it.
std::vector<OriginRow> origins(const std::vector<ComparedRun>& runs, const Grouping& grouping);

/// Those who worked on the run, in the order in which they took it; none: it was not recorded.
std::vector<events::RunOrigin> originsOf(const ComparedRun& run);

/// "Code differs between the runs: 2 builds of the program. …" where code or environment does, of repeats that are left
/// out, too; empty where all were made alike, or as far as anybody recorded.
std::string originNote(const std::vector<ComparedRun>& runs, const Grouping& grouping);

} // namespace gradus::compare
