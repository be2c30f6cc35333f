// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/salience_probe.h"

#include "pipeline/run_items.h"
#include "pipeline/supervision.h"
#include "signatures/linear_probe.h"

#include <algorithm>

namespace gradus::pipeline {

namespace {

/// Of two sequences their difference, which a comparison is read off.
std::vector<float> differences(const engine::FeatureRows& features)
{
    const auto width = static_cast<std::size_t>(features.width);
    std::vector<float> rows;
    rows.reserve(features.values.size() / 2);
    for (std::size_t from = 0; from < features.values.size(); from += 2 * width)
        for (std::size_t i = 0; i < width; ++i)
            rows.push_back(features.values[from + i] - features.values[from + width + i]);
    return rows;
}

signatures::ProbeReading readingOf(const StageContext& context, const engine::FeatureRows& features,
                                   std::size_t sequences, const std::vector<int>& truth)
{
    const signatures::ProbeOptions options{.seed = context.seedFor("salience")};
    if (sequences > 2)
        return signatures::crossValidatedChoice({.features = features.values,
                                                 .width = features.width,
                                                 .texts = static_cast<int>(sequences),
                                                 .labels = truth},
                                                options);
    const std::vector<float> rows = sequences == 1 ? features.values : differences(features);
    return signatures::crossValidated(
        {.features = rows, .width = features.width, .labels = truth, .classes = context.task.classes()}, options);
}

} // namespace

Result<ProbedBase> probedBase(const StageContext& context, int rung, int generation, const PretrainProgress& progress)
{
    const data::ItemSet anchors = anchorsOf(context);
    if (anchors.items.empty()) return ProbedBase{};
    const auto items = context.ladder.read(rung, anchors).items;
    const std::size_t sequences = items.front().size();
    const bool even =
        std::all_of(items.begin(), items.end(), [&](const auto& item) { return item.size() == sequences; });
    if (!even) return ProbedBase{.accuracy = {}, .refusal = "the items have different numbers of texts"};
    const auto base =
        context.ladder.base(rung, context.head(), context.seedFor("generation " + std::to_string(generation) + "/base"),
                            context.stop, progress);
    if (!base) return base.error();
    const auto features = base->features(items);
    if (!features) return features.error();
    const auto reading = readingOf(context, *features, sequences, truthOf(anchors));
    return ProbedBase{reading.accuracy, reading.majority, reading.refusal};
}

std::optional<Estimate> salienceOf(const ProbedBase& base, const std::optional<Estimate>& ceiling)
{
    if (!base.accuracy || !ceiling) return std::nullopt;
    return signatures::salience(*base.accuracy, base.majority, *ceiling);
}

std::optional<Estimate> ceilingOf(const events::GenerationRecord& record)
{
    return record.ceiling || record.generation > 1 ? record.ceiling : record.utility;
}

} // namespace gradus::pipeline
