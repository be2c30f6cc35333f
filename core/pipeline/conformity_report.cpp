// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/conformity_report.h"

#include "pipeline/conformity.h"
#include "pipeline/plan.h"

#include <cstdio>

namespace gradus::pipeline {

void reportStage(const StageContext& context, int generation, const StageReport& report)
{
    context.sink.stage({.generation = generation,
                        .kind = report.kind,
                        .state = report.state,
                        .step = report.step,
                        .inputHash = report.input,
                        .outputHash = report.output,
                        .note = report.note});
}

std::string reportCoverage(const StageContext& context, int generation, std::int64_t step, const DiscoveryRound& round)
{
    const evals::Coverage& coverage = round.coverage;
    char words[280];
    std::snprintf(
        words, sizeof words,
        "Risk discovery, round %d, found %zu hazards of %lld kinds in %d %s (Chao1: at least %.1f kinds); the "
        "next episode shows a new kind with a chance below %.1f %%.",
        round.round, round.hazards, coverage.kinds, round.episodes, round.played, coverage.chao1,
        100 * coverage.newRateUpper);
    nlohmann::ordered_json details{{"round", round.round}};
    details.update(round.details);
    details.update(nlohmann::ordered_json{{"episodes", round.episodes},
                                          {"hazards", round.hazards},
                                          {"kinds", coverage.kinds},
                                          {"seen_once", coverage.once},
                                          {"seen_twice", coverage.twice},
                                          {"good_turing", coverage.newRate},
                                          {"good_turing_upper", coverage.newRateUpper},
                                          {"chao1", coverage.chao1}});
    context.sink.event({.kind = kCoverageEvent,
                        .generation = generation,
                        .step = step,
                        .sentence = words + round.more,
                        .detailsJson = details.dump()});
    return words;
}

void skipConformity(const StageContext& context, int generation, std::int64_t step)
{
    for (const events::StageKind kind : {events::StageKind::Discovery, events::StageKind::Alignment})
        context.sink.stage({.generation = generation,
                            .kind = kind,
                            .state = events::StageState::Skipped,
                            .step = step,
                            .inputHash = {},
                            .outputHash = {},
                            .note = conformityAbsence(context.spec.experiment, context.task)});
}

} // namespace gradus::pipeline
