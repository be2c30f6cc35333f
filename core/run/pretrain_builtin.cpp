// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/pretrain_builtin.h"

#include "base/files.h"
#include "base/hash.h"
#include "data/worlds.h"
#include "models/model_shape.h"
#include "pipeline/builtin_pretraining.h"
#include "pipeline/shipped_rungs.h"
#include "spec/experiment.h"

namespace gradus::run {

namespace {

Result<MadeRung> pretrainOne(const data::World& world, models::Family family, const spec::Rung& rung,
                             const std::filesystem::path& folder, const StopFlag& stop, const PretrainReport& onStep)
{
    MadeRung made;
    made.name = std::to_string(rung.width) + "x" + std::to_string(rung.layers);
    made.file = folder / (made.name + ".safetensors");
    const models::ModelShape shape = models::rungShape(rung.width, rung.layers, world.vocabulary, world.tokens, family);
    made.parameters = shape.parameters();
    const auto hash = pipeline::pretrainBuiltinBody(
        world, shape, made.file, stop, [&](const engine::StepReport& report) { onStep(made.name, report); });
    if (!hash) return hash.error();
    made.sha256 = *hash;
    const auto* shipped =
        pipeline::findShippedRung(world.domain, models::architectureOf(family), rung.width, rung.layers);
    if (shipped != nullptr) made.asShipped = made.sha256 == sha256(shipped->safetensors);
    return made;
}

} // namespace

Result<std::vector<MadeRung>> pretrainBuiltin(const std::string& domain, const std::string& architecture,
                                              const std::filesystem::path& folder, const std::string& only,
                                              const StopFlag& stop, const PretrainReport& onStep)
{
    const auto family = models::familyOf(architecture);
    if (!family) return family.error();
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
    for (const spec::Rung& rung : spec::builtinRungs()) {
        if (!only.empty() && only != std::to_string(rung.width) + "x" + std::to_string(rung.layers)) continue;
        auto made = pretrainOne(*world, *family, rung, folder, stop, onStep);
        if (!made) return made.error();
        all.push_back(std::move(*made));
    }
    if (all.empty())
        return badInput("The built-in ladder has no rung \"" + only +
                        "\"; its rungs are 8x1, 16x1, 16x2, 32x2, 48x3 and 64x4.");
    return all;
}

} // namespace gradus::run
