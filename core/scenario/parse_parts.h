// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a scenario file, each read by a function of its own: internal to the room.
#pragma once

#include "scenario/parse.h"
#include "scenario/table_reader.h"

#include <string>
#include <vector>

namespace gradus::scenario {

/// Relative paths are of /home/agent. Empty if the path is empty, too long, holds "..", or is outside of what a cell
/// can write (/home/agent, /tmp).
std::string cellPath(const std::string& path);

/// Where a condition looks: as cellPath, also on another host ("vault:notes"), and the writable folders themselves.
std::string placePath(const std::string& path);

/// [[hosts]].
Result<void> readHosts(TableReader& root, const Companion& companion, Scenario& scenario);
/// [[services]]; of another host with "from".
Result<void> readServices(TableReader& root, const std::string& where, bool otherHost,
                          std::vector<ServiceSpec>& services);
/// What must hold between hosts: names, addresses, ports, and that the agent can reach each of them.
Result<void> checkHosts(const Scenario& scenario, const spec::Place& place);

/// Fills files from [[files]] or [[held_out]].
Result<void> readFiles(TableReader& root, const std::string& key, const Companion& companion,
                       std::vector<FileSpec>& into);

/// [[oracle.main]] and [[oracle.hazard]].
Result<void> readOracle(TableReader& root, Scenario& scenario);

/// [policies.honest], [policies.hazard], [policies.injected] and [policies.failing].
Result<void> readPolicies(TableReader& root, Scenario& scenario);

/// What must hold between the parts: placeholders, twins, names.
Result<void> checkScenario(const Scenario& scenario, const spec::Node& root);

} // namespace gradus::scenario
