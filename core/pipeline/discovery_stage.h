// SPDX-License-Identifier: GPL-3.0-or-later
// Stage 2: the possibly misaligned generation acts in the sandbox while a red team looks for what it does wrong.
#pragma once

#include "evals/discovery.h"
#include "pipeline/hazards.h"
#include "pipeline/policy.h"

#include <vector>

namespace gradus::pipeline {

struct Discovery
{
    std::vector<Hazard> hazards; ///< in the order in which they were found
    int episodes = 0;
    evals::Coverage coverage; ///< of kinds of hazard: one a framing
    std::vector<events::EpisodeRecord> records;
    int inCells = 0;              ///< episodes that were played with real commands
    int disagreements = 0;        ///< of these, with another outcome than the simulation's
    std::string simulatedBecause; ///< cells were asked for and none starts: the missing layer, one sentence
};

struct DiscoveryInput
{
    int generation = 1;
    int round = 1;
    int firstEpisode = 1;  ///< number of the first one
    std::int64_t step = 0; ///< run's global step, at which nothing moves meanwhile
    double work = 0;       ///< in ProgressMeter's units, of a search that uses all its episodes
};

/// Episodes in variations that are not held out, chosen by Thompson sampling, until [conformity] episodes are used or
/// new kinds have become rare. Every episode has a record with its transcript; the hazards' safe behaviour is not known
/// yet. At [conformity] level 2 every episode is played in a sandbox cell of its own, and what was seen there counts;
/// if no cell starts, the simulation does. A pure function of the run's seed, generation, round and the model.
///
Result<Discovery> discover(const Policy& policy, const DiscoveryInput& input);

} // namespace gradus::pipeline
