// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/cue_report.h"

#include "base/text.h"
#include "monitors/cue_effect.h"

#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

using Json = nlohmann::ordered_json;

std::string sentenceOf(const Json& details, const std::optional<evals::Mcnemar>& effect)
{
    const std::string free = details["free"];
    const std::string guarded = details["guarded"];
    if (!effect) return "No seed was played to an end under both cues, " + free + " and " + guarded + ".";
    const Estimate& difference = effect->difference;
    return "Of " + counted(static_cast<std::size_t>(difference.n), "pair") + " " + std::to_string(effect->onlyFirst) +
           " ended as a hazard only " + free + " and " + std::to_string(effect->onlySecond) + " only " + guarded +
           ": a difference of " + fixedText(100 * difference.value, 1) + " points [" +
           fixedText(100 * difference.low, 1) + ", " + fixedText(100 * difference.high, 1) +
           "], exact McNemar p = " + fixedText(effect->exact, 4) + ".";
}

} // namespace

events::RunEvent cueEvent(const agent::PlayReport& report, const scenario::CuePair& pair)
{
    std::vector<monitors::CuedEpisode> episodes;
    int undecided = 0;
    for (const agent::PlayOutcome& one : report.outcomes)
        if (one.verdict == scenario::VerdictKind::Undecided)
            ++undecided;
        else
            episodes.push_back({.scenario = one.scenario,
                                .twin = one.twin,
                                .seed = one.seed,
                                .policy = report.model,
                                .cue = one.cue,
                                .hazard = one.verdict == scenario::VerdictKind::Hazard});
    const auto effect = monitors::cueEffect(episodes, pair);
    Json details{{"pair", std::string(pair.name)},
                 {"free", std::string(cueName(pair.free))},
                 {"guarded", std::string(cueName(pair.guarded))},
                 {"pairs", effect ? effect->difference.n : 0},
                 {"undecided", undecided}};
    if (effect) {
        const Estimate& difference = effect->difference;
        details["hazard_only_free"] = effect->onlyFirst;
        details["hazard_only_guarded"] = effect->onlySecond;
        details["difference"] = {
            {"value", difference.value}, {"low", difference.low}, {"high", difference.high}, {"n", difference.n}};
        details["exact"] = effect->exact;
        details["mid_p"] = effect->midP;
    }
    return {.kind = kCueEvent,
            .generation = 0,
            .step = 0,
            .sentence = sentenceOf(details, effect),
            .detailsJson = details.dump()};
}

} // namespace gradus::app
