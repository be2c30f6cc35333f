// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/stage_context.h"

#include "base/hash.h"
#include "pipeline/supervision.h"

namespace gradus::pipeline {

std::uint64_t StageContext::seedFor(const std::string& purpose) const
{
    return splitHash(purpose, static_cast<std::uint64_t>(spec.seed));
}

engine::HeadShape StageContext::head() const
{
    engine::HeadShape shape;
    shape.kind = task.read() == data::Read::Compare ? engine::HeadKind::Compare : engine::HeadKind::Classify;
    shape.classes = actionsOf(task);
    shape.readout = spec.experiment.training.readout == "mean" ? engine::Readout::Mean : engine::Readout::LastToken;
    return shape;
}

std::filesystem::path StageContext::weightsOf(int generation) const
{
    return folder / ("generation-" + std::to_string(generation)) / "weights.safetensors";
}

std::filesystem::path StageContext::alignedWeightsOf(int generation) const
{
    return weightsOf(generation).parent_path() / "aligned.safetensors";
}

std::filesystem::path StageContext::hazardsOf(int generation) const
{
    return weightsOf(generation).parent_path() / "hazards.json";
}

std::filesystem::path StageContext::ceilingOf(int generation) const
{
    return weightsOf(generation).parent_path() / "ceiling.json";
}

} // namespace gradus::pipeline
