// SPDX-License-Identifier: GPL-3.0-or-later
// Which settings of a run may still be changed once some of its generations are there.
#pragma once

#include "spec/experiment.h"

#include <string>
#include <vector>

namespace gradus::spec {

/// One run's experiment with other settings for the generations after `generation`.
struct Future
{
    RunSpec run;
    std::vector<std::string> changed; ///< "gap.value = 0.3": keys that differ, in the canonical order
};

/// Applies "key=value" assignments to a run's frozen experiment. Bad input: an assignment that does not read, a result
/// that does not hold together, a setting that shaped the generations that are kept (named in the sentence), or no
/// generation left to come. The condition says what was changed, so that runs of different seeds still find each other.
Result<Future> withFuture(const RunSpec& past, const std::vector<std::string>& assignments, int generation);

/// Whether the key may be changed for later generations alone: those of the gap, of signals, training, alignment and
/// compute, and the number of generations; not what made the items, the rungs, or what kept weights depend on.
bool concernsFuture(const std::string& dottedKey);

} // namespace gradus::spec
