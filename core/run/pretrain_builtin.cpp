// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/pretrain_builtin.h"

#include "base/files.h"
#include "base/hash.h"
#include "data/worlds.h"
#include "models/model_shape.h"
#include "pipeline/shipped_rungs.h"

namespace gradus::run {

namespace {

constexpr std::uint64_t kSeed = 1;

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

Result<MadeRung> pretrainOne(const data::World& world, const pipeline::ShippedRung& shipped,
                             const std::filesystem::path& folder, const StopFlag& stop, const PretrainReport& onStep)
{
    MadeRung made;
    made.name = std::to_string(shipped.width) + "x" + std::to_string(shipped.layers);
    made.file = folder / (made.name + ".safetensors");
    const engine::PretrainOptions options = optionsFor(world);
    const auto source = [&](std::int64_t step) {
        data::PretrainingBatch drawn = world.pretraining(kSeed, step, options.batch);
        return engine::PretrainBatch{std::move(drawn.inputs), std::move(drawn.targets)};
    };
    const models::ModelShape shape = models::rungShape(shipped.width, shipped.layers, world.vocabulary, world.tokens);
    const auto hash = engine::pretrainBody(shape, options, source, made.file, stop,
                                           [&](const engine::StepReport& report) { onStep(made.name, report); });
    if (!hash) return hash.error();
    made.sha256 = *hash;
    made.asShipped = made.sha256 == sha256(shipped.safetensors);
    return made;
}

} // namespace

Result<std::vector<MadeRung>> pretrainBuiltin(const std::string& domain, const std::filesystem::path& folder,
                                              const std::string& only, const StopFlag& stop,
                                              const PretrainReport& onStep)
{
    const data::World* world = data::findWorld(domain);
    if (world == nullptr) {
        std::string names;
        for (const data::World& known : data::worlds())
            names += (names.empty() ? "" : " and ") + std::string(known.task);
        return badInput("There is no built-in domain \"" + domain + "\"; the built-in ones are " + names + ".");
    }
    if (const auto ready = makeFolder(folder); !ready) return ready.error();
    engine::useThreads(1); // the shipped files were made with one thread; more would change the last bits
    std::vector<MadeRung> all;
    for (const pipeline::ShippedRung& shipped : pipeline::shippedRungs(world->domain)) {
        if (!only.empty() && only != std::to_string(shipped.width) + "x" + std::to_string(shipped.layers)) continue;
        auto made = pretrainOne(*world, shipped, folder, stop, onStep);
        if (!made) return made.error();
        all.push_back(std::move(*made));
    }
    if (all.empty())
        return badInput("The built-in ladder has no rung \"" + only +
                        "\"; its rungs are 8x1, 16x1, 16x2, 32x2, 48x3 and 64x4.");
    return all;
}

} // namespace gradus::run
