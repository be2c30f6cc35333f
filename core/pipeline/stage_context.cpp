// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/stage_context.h"

#include "base/hash.h"

namespace gradus::pipeline {

std::uint64_t StageContext::seedFor(const std::string& purpose) const
{
    return splitHash(purpose, static_cast<std::uint64_t>(spec.seed));
}

engine::HeadShape StageContext::head() const
{
    engine::HeadShape shape;
    shape.kind = task.read() == data::Read::Compare ? engine::HeadKind::Compare : engine::HeadKind::Classify;
    shape.classes = task.classes();
    shape.readout = spec.experiment.training.readout == "mean" ? engine::Readout::Mean : engine::Readout::LastToken;
    return shape;
}

std::filesystem::path StageContext::weightsOf(int generation) const
{
    return folder / ("generation-" + std::to_string(generation)) / "weights.safetensors";
}

} // namespace gradus::pipeline
