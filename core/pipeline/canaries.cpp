// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/canaries.h"

#include "base/hash.h"
#include "base/rng.h"
#include "pipeline/run_items.h"
#include "signatures/memorisation.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

namespace gradus::pipeline {

namespace {

constexpr double kLeastProbability = 1e-12; ///< of which a logarithm is still taken

std::vector<int> drawn(std::size_t count, int classes, Rng& rng)
{
    std::vector<int> labels(count);
    for (int& label : labels)
        label = static_cast<int>(rng.below(static_cast<std::uint64_t>(classes)));
    return labels;
}

data::ItemSet part(const std::vector<data::Item>& items, std::size_t first, std::size_t count, const std::string& name)
{
    data::ItemSet set;
    set.items.assign(items.begin() + static_cast<std::ptrdiff_t>(first),
                     items.begin() + static_cast<std::ptrdiff_t>(first + count));
    set.fingerprint = sha256(name);
    return set;
}

Result<signatures::CanaryScores> scoresOf(const StageContext& context, const engine::TunedModel& model, int rung,
                                          const data::ItemSet& set, const std::vector<int>& labels)
{
    const int classes = context.task.classes();
    const auto opinions = opinionsOf(model, context.ladder.read(rung, set).items, classes);
    if (!opinions) return opinions.error();
    signatures::CanaryScores scores;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::size_t at = i * static_cast<std::size_t>(classes) + static_cast<std::size_t>(labels[i]);
        scores.logs.push_back(std::log(std::max(static_cast<double>(opinions->probabilities[at]), kLeastProbability)));
        scores.hits.push_back(opinions->labels[i] == labels[i] ? 1 : 0);
    }
    return scores;
}

} // namespace

std::optional<Canaries> drawCanaries(const StageContext& context, int generation, const data::ItemSet& pool)
{
    const auto asked = static_cast<std::size_t>(context.spec.experiment.training.canaries);
    if (asked == 0) return std::nullopt;
    std::set<std::pair<std::vector<std::vector<std::int32_t>>, std::vector<std::string>>> taught;
    for (const data::Item& item : pool.items)
        taught.emplace(item.sequences, item.texts);
    const auto wide = static_cast<int>(pool.items.size() + 2 * asked);
    std::vector<data::Item> left;
    // Of files the rows behind all generations' own: a student labels the next one's rows, and must not know them by
    // heart.
    const int beyond = context.spec.experiment.ladder.generations + generation;
    for (data::Item& item : context.task.pool(beyond, wide, context.seedFor("pool")).items)
        if (left.size() < 2 * asked && !taught.contains({item.sequences, item.texts})) left.push_back(std::move(item));
    const std::size_t each = left.size() / 2;
    if (each == 0) return std::nullopt;
    const std::string name = pool.fingerprint + "/canaries/" + std::to_string(each) + "/";
    Rng rng(context.seedFor("canaries"), "generation " + std::to_string(generation));
    Canaries canaries{.planted = part(left, 0, each, name + "planted"),
                      .plantedLabels = drawn(each, context.task.classes(), rng),
                      .keptBack = part(left, each, each, name + "kept back"),
                      .keptBackLabels = {}};
    canaries.keptBackLabels = drawn(each, context.task.classes(), rng);
    return canaries;
}

void reportCanaries(const StageContext& context, const std::optional<Canaries>& canaries, int generation,
                    std::int64_t step)
{
    const int asked = context.spec.experiment.training.canaries;
    if (asked == 0) return;
    const std::size_t planted = canaries ? canaries->planted.items.size() : 0;
    const std::string whose = "generation " + std::to_string(generation);
    std::string sentence = std::to_string(planted) + " items with drawn labels are planted among those of " + whose +
                           ", and as many are kept back to compare with";
    if (planted == 0)
        sentence = "No canaries are planted in " + whose +
                   ": its own items are all that the data has; lower "
                   "training.labels";
    else if (planted < static_cast<std::size_t>(asked))
        sentence += "; " + std::to_string(asked) + " were asked for, and the data has no more to spare";
    context.sink.event({.kind = kCanariesEvent,
                        .generation = generation,
                        .step = step,
                        .sentence = sentence + ".",
                        .detailsJson = nlohmann::json{{"planted", planted}, {"asked", asked}}.dump()});
}

Supervision withCanaries(const StageContext& context, Supervision taught, const Canaries& canaries, int rung)
{
    const int classes = context.task.classes();
    const Supervision planted =
        taughtBy(context.task, {oneHot(canaries.plantedLabels, classes), canaries.plantedLabels}, canaries.planted,
                 context.ladder.read(rung, canaries.planted), true);
    taught.items.insert(taught.items.end(), planted.items.begin(), planted.items.end());
    taught.truth.insert(taught.truth.end(), planted.truth.begin(), planted.truth.end());
    taught.targets.insert(taught.targets.end(), planted.targets.begin(), planted.targets.end());
    taught.labels.insert(taught.labels.end(), canaries.plantedLabels.begin(), canaries.plantedLabels.end());
    taught.fingerprint = sha256(taught.fingerprint + planted.fingerprint); // items and drawn labels are in the latter
    return taught;
}

Result<signatures::Verdict> memorisationOf(const StageContext& context, const engine::TunedModel& model, int rung,
                                           const Canaries& canaries)
{
    auto planted = scoresOf(context, model, rung, canaries.planted, canaries.plantedLabels);
    if (!planted) return planted.error();
    auto keptBack = scoresOf(context, model, rung, canaries.keptBack, canaries.keptBackLabels);
    if (!keptBack) return keptBack.error();
    return signatures::memorisation({std::move(*planted), std::move(*keptBack)});
}

} // namespace gradus::pipeline
