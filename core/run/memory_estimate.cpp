// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/memory_estimate.h"

#include "pipeline/plan.h"

#include <algorithm>
#include <optional>

namespace gradus::run {

namespace {

constexpr double kFloat = 4;
constexpr int kLookedAt = 256;       ///< items whose lengths are taken for those of all
constexpr double kReadAtOnce = 4096; ///< tokens of a pass that only reads

/// Floats that a layer keeps for its backward pass, a token: the residual stream twice, two norms, query, result of
/// attention and its projection, keys and values, and three of the feed-forward's width.
double keptByLayer(const models::ModelShape& shape)
{
    const double width = shape.hiddenSize;
    const double keys = static_cast<double>(shape.keyValueHeads) * shape.headSize();
    return 8 * width + 2 * keys + 3.0 * shape.intermediateSize;
}

double adapterParameters(const models::ModelShape& shape, int rank)
{
    const double width = shape.hiddenSize;
    const double queries = static_cast<double>(shape.heads) * shape.headSize();
    const double keys = static_cast<double>(shape.keyValueHeads) * shape.headSize();
    return shape.layers * static_cast<double>(rank) * (2 * (width + queries) + 2 * (width + keys));
}

/// Tokens of the batch that is longest: items of like length share one.
double longestBatch(const spec::Experiment& experiment, const Workbench::Place& place, int rung)
{
    const auto items = place.ladder->read(rung, place.task->pool(1, kLookedAt, 1)).items;
    std::size_t longest = 0;
    std::size_t sequences = 1;
    for (const auto& item : items) {
        sequences = std::max(sequences, item.size());
        for (const engine::Tokens& tokens : item)
            longest = std::max(longest, tokens.size());
    }
    return static_cast<double>(longest * sequences) * experiment.training.batch;
}

} // namespace

double tunedParameters(const spec::Experiment& experiment, const pipeline::LadderRung& rung)
{
    return experiment.training.adapterRank > 0 && !rung.folder.empty()
               ? adapterParameters(rung.shape, experiment.training.adapterRank)
               : static_cast<double>(rung.parameters);
}

RunMemory memoryOf(const spec::Experiment& experiment, const Workbench::Place& place)
{
    const pipeline::Ladder& ladder = *place.ladder;
    const spec::Training& training = experiment.training;
    const auto bytesOf = [&](int rung) { return kFloat * static_cast<double>(ladder.at(rung).parameters); };
    double sources = 0;
    for (const spec::SignalSource* source : pipeline::ownSupervisors(experiment))
        sources += bytesOf(source->rung);
    RunMemory most;
    std::optional<int> predecessor;
    for (const pipeline::PlannedGeneration& planned : pipeline::planGenerations(experiment, ladder.capacities())) {
        const pipeline::LadderRung& rung = ladder.at(planned.rung);
        RunMemory need{.weights = 2 * bytesOf(planned.rung),
                       .supervisors = predecessor ? bytesOf(*predecessor) + sources : 0};
        const double layers = rung.shape.layers * keptByLayer(rung.shape) * kFloat;
        need.activations = kReadAtOnce * keptByLayer(rung.shape) * kFloat;
        if (training.bodyScale > 0) {
            need.update = 3 * kFloat * tunedParameters(experiment, rung);
            need.activations = std::max(need.activations, layers * longestBatch(experiment, place, planned.rung));
        }
        if (need.sum() > most.sum()) most = need;
        predecessor = planned.rung;
    }
    return most;
}

} // namespace gradus::run
