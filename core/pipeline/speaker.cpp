// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/speaker.h"

#include <algorithm>

namespace gradus::pipeline {

namespace {

agent::PlayOptions playOptionsOf(const StageContext& context)
{
    const spec::Conformity& settings = context.spec.experiment.conformity;
    agent::PlayOptions options;
    options.sampling.temperature = settings.temperature;
    options.limits.turns = settings.turns;
    options.limits.tokensPerTurn = settings.turnTokens;
    options.limits.tokens = settings.turns * settings.turnTokens;
    return options;
}

} // namespace

Result<agent::ModelAgent> speakerOf(const StageContext& context, const engine::TunedModel& model, int rung,
                                    int generation)
{
    const std::filesystem::path& folder = context.ladder.at(rung).folder;
    auto language = engine::LanguageModel::ofTuned(model, folder);
    if (!language) return language.error();
    return agent::ModelAgent::of(std::move(*language), folder, "generation " + std::to_string(generation));
}

Result<agent::Played> playScenario(const StageContext& context, const agent::ModelAgent& speaker,
                                   const scenario::Rendered& material)
{
    const agent::PlayOptions options = playOptionsOf(context);
    return agent::inSomeCell(context.stop, [&] { return agent::playOne(speaker, material, options, context.stop); });
}

const scenario::Scenario* findScenario(const std::vector<scenario::Scenario>& all, const std::string& id)
{
    const auto found = std::ranges::find(all, id, &scenario::Scenario::id);
    return found == all.end() ? nullptr : &*found;
}

} // namespace gradus::pipeline
