// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of an experiment between reading its file and launching it.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"

#include <filesystem>

namespace gradus::app {

/// What `gradus check` says, but that rungs are tried only where the plan is of hours: a refusal is an error, and what
/// may be launched past is a line a warning on standard error.
Result<void> lookedOver(const spec::LoadedExperiment& loaded, const std::filesystem::path& store, int jobs);

} // namespace gradus::app
