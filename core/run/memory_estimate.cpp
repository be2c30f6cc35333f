// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/memory_estimate.h"

#include "engine/tuning_memory.h"
#include "models/model_folder.h"
#include "pipeline/plan.h"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace gradus::run {

namespace {

constexpr double kFloat = 4;
constexpr int kLookedAt = 256;       ///< items whose lengths are taken for those of all
constexpr double kReadAtOnce = 4096; ///< tokens of a pass that only reads

/// Weights of a folder that is only read: as it keeps them, or widened. It was opened before, when sources were
/// checked.
double readerBytes(const std::filesystem::path& folder, const std::string& device)
{
    const auto opened = models::openModelFolder(folder);
    if (!opened) return 0;
    const bool narrow = models::matricesAreNarrow(*opened) && device == "cpu";
    return (narrow ? kFloat / 2 : kFloat) * static_cast<double>(opened->shape.parameters());
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

RunMemory memoryOf(const spec::Experiment& experiment, const Workbench::Place& place)
{
    const pipeline::Ladder& ladder = *place.ladder;
    const spec::Training& training = experiment.training;
    const auto bytesOf = [&](int rung) { return kFloat * static_cast<double>(ladder.at(rung).parameters); };
    double sources = 0;
    for (const spec::SignalSource* source : pipeline::ownSupervisors(experiment))
        sources += bytesOf(source->rung);
    for (const spec::SignalSource* source : pipeline::folderSources(experiment))
        sources += readerBytes(source->folder, experiment.compute.device);
    RunMemory most;
    std::optional<int> predecessor;
    for (const pipeline::PlannedGeneration& planned : pipeline::planGenerations(experiment, ladder.capacities())) {
        const pipeline::LadderRung& rung = ladder.at(planned.rung);
        RunMemory need{.weights = 2 * bytesOf(planned.rung),
                       .supervisors = predecessor ? bytesOf(*predecessor) + sources : 0};
        const double layers = rung.shape.layers * engine::keptByLayer(rung.shape) * kFloat;
        need.activations = kReadAtOnce * engine::keptByLayer(rung.shape) * kFloat;
        if (training.bodyScale > 0) {
            need.update = 3 * kFloat * static_cast<double>(rung.tunedParameters());
            need.activations = std::max(need.activations, layers * longestBatch(experiment, place, planned.rung));
        }
        if (need.sum() > most.sum()) most = need;
        predecessor = planned.rung;
    }
    return most;
}

} // namespace gradus::run
