// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/gap_report.h"

namespace gradus::pipeline {

void reportDecision(const StageContext& context, const controller::Decision& decision, int generation,
                    std::int64_t step)
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
                        .inputHash = {},
                        .outputHash = {},
                        .note = decision.sentence});
    context.sink.event({.kind = "gap.decision",
                        .generation = generation,
                        .step = step,
                        .sentence = decision.sentence,
                        .detailsJson = decision.detailsJson});
}

} // namespace gradus::pipeline
