// SPDX-License-Identifier: GPL-3.0-or-later
// Which items a run uses for what: the same for all of its parts, and for people who label them outside it.
#pragma once

#include "data/task.h"
#include "spec/experiment.h"

#include <cstdint>

namespace gradus::pipeline {

struct StageContext;

/// Labels of a generation's pool under these settings (0: all there are).
int labelsFor(const spec::Training& training, int generation);

/// What generation i of the run with this seed is taught on.
data::ItemSet poolOf(const data::Task& task, const spec::Experiment& experiment, std::int64_t seed, int generation);
data::ItemSet poolOf(const StageContext& context, int generation);

/// The labelled items that nothing is taught by; none where the experiment keeps none.
data::ItemSet anchorsOf(const data::Task& task, const spec::Experiment& experiment, std::int64_t seed);
data::ItemSet anchorsOf(const StageContext& context);

} // namespace gradus::pipeline
