// SPDX-License-Identifier: GPL-3.0-or-later
// What a generation is taught from: items, the labels it sees, and the truth it does not see.
#pragma once

#include "data/task.h"
#include "engine/tuning.h"
#include "pipeline/ladder.h"

#include <string>
#include <vector>

namespace gradus::pipeline {

/// Probabilities (N x K, row-major) and their argmax (ties to the lower class).
struct Opinions
{
    std::vector<float> probabilities;
    std::vector<int> labels;
};

struct Supervision
{
    std::vector<std::vector<engine::Tokens>> items;
    std::vector<int> truth;
    std::vector<float> targets; ///< N x K: what the generation is taught
    std::vector<int> labels;    ///< argmax of targets
    std::string fingerprint;    ///< SHA-256 over items and targets
    double truncatedShare = 0;
};

std::vector<int> truthOf(const data::ItemSet& set);
Opinions opinionsFrom(std::vector<float> probabilities, int classes);
Result<Opinions> opinionsOf(const engine::TunedModel& model, const std::vector<std::vector<engine::Tokens>>& items,
                            int classes);

/// The opinions and the items at these places, in that order. The set's fingerprint is that of the whole one, with the
/// places.
Opinions chosen(const Opinions& opinions, const std::vector<std::size_t>& places);
data::ItemSet chosen(const data::ItemSet& set, const std::vector<std::size_t>& places);

/// Truth as one-hot targets; items are the set as the taught rung reads it.
Supervision taughtByTruth(const data::ItemSet& set, RungItems items, int classes);
/// The teacher's probabilities as they are (soft) or as one-hot of their argmax (hard).
Supervision taughtBy(const Opinions& teacher, const data::ItemSet& set, RungItems items, int classes, bool soft);

} // namespace gradus::pipeline
