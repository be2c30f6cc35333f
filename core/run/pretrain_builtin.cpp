// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/pretrain_builtin.h"

#include "base/files.h"
#include "base/hash.h"
#include "data/registers.h"
#include "models/model_shape.h"
#include "pipeline/shipped_rungs.h"

namespace gradus::run {

namespace {

constexpr std::uint64_t kSeed = 1;

engine::PretrainOptions optionsFor()
{
    engine::PretrainOptions options;
    options.steps = 1500;
    options.batch = 256;
    options.learningRate = 3e-3;
    options.seed = kSeed;
    options.halfPrecisionFile = true; // shipped files are read into fp32; half the bytes in the program
    return options;
}

Result<MadeRung> pretrainOne(const pipeline::ShippedRung& shipped, const std::filesystem::path& folder,
                             const StopFlag& stop, const PretrainReport& onStep)
{
    MadeRung made;
    made.name = std::to_string(shipped.width) + "x" + std::to_string(shipped.layers);
    made.file = folder / (made.name + ".safetensors");
    const engine::PretrainOptions options = optionsFor();
    const auto source = [&options](std::int64_t step) {
        data::PretrainingBatch drawn = data::registersPretraining(kSeed, step, options.batch);
        return engine::PretrainBatch{std::move(drawn.inputs), std::move(drawn.targets)};
    };
    const models::ModelShape shape = models::rungShape(shipped.width, shipped.layers, data::registers::kVocabulary,
                                                       data::registers::kTokens);
    const auto hash = engine::pretrainBody(shape, options, source, made.file, stop,
                                           [&](const engine::StepReport& report) { onStep(made.name, report); });
    if (!hash) return hash.error();
    made.sha256 = *hash;
    made.asShipped = made.sha256 == sha256(shipped.safetensors);
    return made;
}

} // namespace

Result<std::vector<MadeRung>> pretrainBuiltin(const std::filesystem::path& folder, const std::string& only,
                                              const StopFlag& stop, const PretrainReport& onStep)
{
    if (const auto ready = makeFolder(folder); !ready) return ready.error();
    engine::useThreads(1); // the shipped files were made with one thread; more would change the last bits
    std::vector<MadeRung> all;
    for (const pipeline::ShippedRung& shipped : pipeline::shippedRungs()) {
        if (!only.empty() && only != std::to_string(shipped.width) + "x" + std::to_string(shipped.layers)) continue;
        auto made = pretrainOne(shipped, folder, stop, onStep);
        if (!made) return made.error();
        all.push_back(std::move(*made));
    }
    if (all.empty())
        return badInput("The built-in ladder has no rung \"" + only + "\"; its rungs are 8x1, 16x1, 16x2, 32x2, 48x3 and 64x4.");
    return all;
}

} // namespace gradus::run
