// SPDX-License-Identifier: GPL-3.0-or-later
// One scenario over the generations of a run, pairs of its episodes to be preferred, and how often hazards come up.
#pragma once

#include "base/interval.h"
#include "store/records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradus::viewmodels {

/// The first episode of every generation that has the same scenario as this one, generations increasing; of its own
/// generation the episode itself. Empty where there is no such episode.
std::vector<std::int64_t> overGenerations(const std::vector<store::EpisodeRow>& rows, std::int64_t episode);

/// Two episodes to be put side by side.
struct EpisodePair
{
    std::int64_t left = 0;
    std::int64_t right = 0;
};

/// The next pair that this person has not judged in this order. Pairs are of one scenario in neighbouring generations,
/// in a drawn order; each comes once with either side at the left, and again the other way round when all have been
/// seen once. None where everything is judged, or no scenario was played in two generations.
std::optional<EpisodePair> nextPair(const std::vector<store::EpisodeRow>& rows,
                                    const std::vector<store::PreferenceRow>& preferences, const std::string& person);

/// Share of a generation's episodes that the run holds for hazards, or in a debate run judged wrong; Wilson interval.
struct GenerationRate
{
    int generation = 1;
    Estimate rate;
};
/// Generations increasing; episodes that nobody judged do not count.
std::vector<GenerationRate> hazardRates(const std::vector<store::EpisodeRow>& rows);

} // namespace gradus::viewmodels
