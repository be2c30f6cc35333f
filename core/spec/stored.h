// SPDX-License-Identifier: GPL-3.0-or-later
// Experiments as stores keep them: what an earlier version took and left aside does not make its runs unreadable.
#pragma once

#include "spec/experiment.h"

#include <string>
#include <vector>

namespace gradus::spec {

/// As parseExperiment, of one run's frozen text. Keys that such a procedure reads nothing of, and that a new file may
/// not set (see keysLeftAside), keep their values: the run's hash and its checkpoints are of that text.
Result<Experiment> parseStored(const std::string& toml, const std::string& file);

/// Keys of the experiment that promise a gate or a decision which its procedure does not have: "gap.gate". Empty for
/// every file that parseExperiment accepts.
std::vector<std::string> keysLeftAside(const Experiment& experiment);

} // namespace gradus::spec
