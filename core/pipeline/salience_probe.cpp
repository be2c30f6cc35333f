// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/salience_probe.h"

#include "pipeline/run_items.h"
#include "pipeline/supervision.h"
#include "signatures/linear_probe.h"

#include <algorithm>

namespace gradus::pipeline {

namespace {

/// One row an item: of two sequences their difference, which a comparison is read off.
std::vector<float> rowsOf(const engine::FeatureRows& features, std::size_t sequences)
{
    if (sequences == 1) return features.values;
    const auto width = static_cast<std::size_t>(features.width);
    std::vector<float> rows;
    rows.reserve(features.values.size() / 2);
    for (std::size_t from = 0; from < features.values.size(); from += 2 * width)
        for (std::size_t i = 0; i < width; ++i)
            rows.push_back(features.values[from + i] - features.values[from + width + i]);
    return rows;
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
    if (!even || sequences > 2) return ProbedBase{};
    const auto base =
        context.ladder.base(rung, context.head(), context.seedFor("generation " + std::to_string(generation) + "/base"),
                            context.stop, progress);
    if (!base) return base.error();
    const auto features = base->features(items);
    if (!features) return features.error();
    const std::vector<float> rows = rowsOf(*features, sequences);
    const std::vector<int> truth = truthOf(anchors);
    const signatures::ProbeData data{
        .features = rows, .width = features->width, .labels = truth, .classes = context.task.classes()};
    const auto reading = signatures::crossValidated(data, {.seed = context.seedFor("salience")});
    return ProbedBase{reading.accuracy, reading.majority};
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
