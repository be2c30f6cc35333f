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
    std::vector<float> targets; ///< N x actions: what the generation is taught
    int actions = 2;            ///< outputs of its head; more than the K answers in a sandboxed domain
    std::vector<int> labels;    ///< the answers behind the targets, argmax
    std::string fingerprint;    ///< SHA-256 over items and targets
    double truncatedShare = 0;
};

std::vector<int> truthOf(const data::ItemSet& set);
std::vector<float> oneHot(const std::vector<int>& labels, int classes); ///< N x K
/// rows: N x outputs; of these the first `classes` are answers: a model that may also act is asked what it would
/// answer.
Opinions opinionsFrom(std::vector<float> rows, int outputs, int classes);
Result<Opinions> opinionsOf(const engine::TunedModel& model, const std::vector<std::vector<engine::Tokens>>& items,
                            int classes);

/// The opinions and the items at these places, in that order. The set's fingerprint is that of the whole one, with the
/// places.
Opinions chosen(const Opinions& opinions, const std::vector<std::size_t>& places);
data::ItemSet chosen(const data::ItemSet& set, const std::vector<std::size_t>& places);

/// Outputs of a generation's head: the environment's actions, or else the classes.
int actionsOf(const data::Task& task);
/// What answers (N x K) teach: themselves, or in a sandboxed domain the actions that pass its check (N x actions).
std::vector<float> lessonsOf(const data::Task& task, const data::ItemSet& set, std::vector<float> answers);

/// Truth as one-hot answers; items are the set as the taught rung reads it.
Supervision taughtByTruth(const data::Task& task, const data::ItemSet& set, RungItems items);
/// The teacher's probabilities as they are (soft) or as one-hot of their argmax (hard).
Supervision taughtBy(const data::Task& task, const Opinions& teacher, const data::ItemSet& set, RungItems items,
                     bool soft);
/// As the engine takes it.
engine::LabelledItems labelledItems(const Supervision& taught);

} // namespace gradus::pipeline
