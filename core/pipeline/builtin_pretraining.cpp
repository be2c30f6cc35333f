// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/builtin_pretraining.h"

#include "base/hash.h"

namespace gradus::pipeline {

namespace {

constexpr std::uint64_t kSeed = 1; // one body for all runs: seeds vary what is tuned, not the base

engine::PretrainOptions optionsFor(const data::World& world)
{
    engine::PretrainOptions options;
    options.steps = world.pretrainingSteps;
    options.batch = 256;
    options.learningRate = 3e-3;
    options.seed = kSeed;
    options.halfPrecisionFile = true; // shipped files are read into fp32; half the bytes in the program
    return options;
}

} // namespace

Result<std::string> pretrainBuiltinBody(const data::World& world, const models::ModelShape& shape,
                                        const std::filesystem::path& safetensors, const StopFlag& stop,
                                        const std::function<void(const engine::StepReport&)>& onStep)
{
    const engine::PretrainOptions options = optionsFor(world);
    const auto source = [&](std::int64_t step) {
        data::PretrainingBatch drawn = world.pretraining(kSeed, step, options.batch);
        return engine::PretrainBatch{std::move(drawn.inputs), std::move(drawn.targets)};
    };
    return engine::pretrainBody(shape, options, source, safetensors, stop, onStep);
}

std::string builtinBodyName(const data::World& world, const models::ModelShape& shape)
{
    const engine::PretrainOptions options = optionsFor(world);
    return sha256("builtin body 1/" + std::string(world.task) + "/" + models::architectureOf(shape.family) + "/" +
                  std::to_string(shape.hiddenSize) + "x" + std::to_string(shape.layers) + "/" +
                  std::to_string(shape.vocabularySize) + "/" + std::to_string(shape.maxPositions) + "/" +
                  std::to_string(options.steps) + "/" + std::to_string(options.batch))
        .substr(0, 16);
}

} // namespace gradus::pipeline
