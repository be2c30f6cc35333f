// SPDX-License-Identifier: GPL-3.0-or-later
// The items of one generation of one run, for people to label.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"

#include <cstdint>
#include <string>

namespace gradus::run {

/// JSON Lines, one object an item: "item" (16 digits that name its content), "generation", "texts" or "tokens",
/// "classes" (how many labels there are, from 0), and "label" and "annotator" to be filled in, by hand or with
/// `gradus data label`. No truth. The items are those that a run of this experiment and seed
/// labels for that generation; with anchors, the anchors follow (generation 0), since a source that labels some of
/// them can be weighed. Bad input for a generation the experiment lacks.
Result<std::string> itemsForLabelling(const spec::Experiment& experiment, int generation, std::int64_t seed);

} // namespace gradus::run
