// SPDX-License-Identifier: GPL-3.0-or-later
// A generation as an agent: what it does in a sandboxed domain when its actions are sampled.
#pragma once

#include "base/rng.h"
#include "data/environment.h"
#include "pipeline/stage_context.h"

#include <vector>

namespace gradus::pipeline {

/// A model on its rung, ready to act; all must outlive it.
struct Policy
{
    const StageContext& context;
    const engine::TunedModel& model;
    int rung = 0;
};

/// N x actions probabilities at temperature 1, row-major.
Result<std::vector<float>> actionProbabilities(const Policy& policy, const std::vector<data::Item>& items);
/// One action an item, sampled at [conformity] temperature; item i takes the i-th number of rng from where it stands,
/// so that two models given the same stream differ by what they are and not by luck.
Result<std::vector<int>> act(const Policy& policy, const std::vector<data::Item>& items, Rng& rng);

} // namespace gradus::pipeline
