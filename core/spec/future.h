// SPDX-License-Identifier: GPL-3.0-or-later
// Which settings of a run may still be changed once some of its generations are there.
#pragma once

#include "spec/experiment.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::spec {

/// One run's experiment with other settings for the generations after `generation`.
struct Future
{
    RunSpec run;
    std::vector<std::string> changed; ///< "gap.value = 0.3": keys that differ, in the canonical order
};

/// Fraction of the run up to which curves have been read once `kept` generations are there, of as many as the future
/// asks for; none while nothing has been read of them (only the first generation is kept).
std::optional<double> readUntil(int kept, int generations);

/// Whether a run of this experiment reads the curve of its gap; another controller leaves it unread.
bool readsGapCurve(const Experiment& experiment);

/// The one rule of what a branch may be, for the command and for a draft of the window. Bad input: a setting that
/// shaped the generations that are kept, a curve that says something else where these have read it, or no generation
/// left to come. The sentence names the key.
Result<void> keepsPast(const Experiment& past, const Experiment& wanted, int kept);

/// As parseExperiment, of what a run of this past shall become: keys that the past left aside (see keysLeftAside) may
/// stay as they were, so that what can be resumed can be branched; nothing else of the kind is taken.
Result<Experiment> parseFuture(const std::string& toml, const std::string& file, const Experiment& past);

/// Applies "key=value" assignments to a run's frozen experiment. Bad input: an assignment that does not read, a result
/// that does not hold together, or one that does not keep the past (see keepsPast). The condition says what was
/// changed, so that runs of different seeds still find each other.
Result<Future> withFuture(const RunSpec& past, const std::vector<std::string>& assignments, int generation);

/// Whether the key may be changed for later generations alone: those of the gap, of signals, training, alignment and
/// compute, and the number of generations; not what made the items, the rungs, or what kept weights depend on.
bool concernsFuture(const std::string& dottedKey);

} // namespace gradus::spec
