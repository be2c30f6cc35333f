// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/gap_report.h"

#include "base/hash.h"
#include "pipeline/attempt_journal.h"
#include "pipeline/estimate_json.h"

namespace gradus::pipeline {

namespace {

using nlohmann::ordered_json;

std::string measuredOf(const controller::Attempt& attempt)
{
    return journalEvent({attempt, 0}, {}).detailsJson;
}

/// Everything that the controller was given, in one text.
std::string textOf(const controller::GapState& known)
{
    ordered_json forecasts = ordered_json::array();
    for (const controller::Forecast& forecast : known.forecasts)
        forecasts.push_back({{"rung", forecast.rung},
                             {"utility", jsonOf(forecast.utility)},
                             {"gain", jsonOf(forecast.gain)},
                             {"loss_by_flips", forecast.lossByFlips}});
    ordered_json purchases = ordered_json::array();
    for (const controller::Purchase& purchase : known.purchases)
        purchases.push_back(
            {{"kind", purchase.kind},
             {"name", purchase.name},
             {"noise", purchase.noise ? ordered_json(*purchase.noise) : ordered_json()},
             {"noise_upper", purchase.noiseUpper ? ordered_json(*purchase.noiseUpper) : ordered_json()}});
    ordered_json all{{"generation", known.generation}, {"rung", known.rung},
                     {"capacities", known.capacities}, {"seed", known.seed},
                     {"forecasts", forecasts},         {"purchases", purchases}};
    std::string text = all.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    for (const controller::Attempt& attempt : known.history)
        text += "\n" + measuredOf(attempt);
    return text;
}

} // namespace

void reportDecision(const StageContext& context, const controller::GapState& known,
                    const controller::Decision& decision, int generation, std::int64_t step)
{
    if (decision.intermediate) // said before the decision, whose rung it is: the last decision is what is trained
        context.sink.event({.kind = "gap.intermediate",
                            .generation = generation,
                            .step = step,
                            .sentence = "Rung " + context.ladder.at(*decision.rung).name +
                                        " is tried instead, the largest below those that failed their gate.",
                            .detailsJson = {}});
    context.sink.stage({.generation = generation,
                        .kind = events::StageKind::Gap,
                        .state = events::StageState::Finished,
                        .step = step,
                        .inputHash = sha256(textOf(known)),
                        .outputHash = sha256(decision.detailsJson),
                        .note = decision.sentence});
    context.sink.event({.kind = "gap.decision",
                        .generation = generation,
                        .step = step,
                        .sentence = decision.sentence,
                        .detailsJson = decision.detailsJson});
}

void reportGate(const StageContext& context, const controller::Attempt& attempt, const std::string& weights,
                const controller::Judgement& judgement, std::int64_t step)
{
    const bool isJudged = !judgement.sentence.empty();
    const auto state = !isJudged            ? events::StageState::Skipped
                       : judgement.accepted ? events::StageState::Finished
                                            : events::StageState::Failed;
    context.sink.stage(
        {.generation = attempt.generation,
         .kind = events::StageKind::Gate,
         .state = state,
         .step = step,
         .inputHash = isJudged ? sha256(measuredOf(attempt) + "\n" + weights) : std::string(),
         .outputHash =
             isJudged ? sha256((judgement.accepted ? "accepted: " : "rejected: ") + judgement.sentence) : std::string(),
         .note = isJudged ? judgement.sentence : "no gate: gap.gate is off, and no audit judged it"});
}

} // namespace gradus::pipeline
