// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/procedure.h"

#include "pipeline/debate.h"
#include "pipeline/noise_sensitivity.h"
#include "pipeline/progressive.h"
#include "pipeline/self_enhancement.h"

namespace gradus::pipeline {

Result<void> runProcedure(const StageContext& context, const Past& past)
{
    const std::string& procedure = context.spec.experiment.experiment.procedure;
    if (procedure == spec::kNoiseSensitivity) return runNoiseSensitivity(context, past);
    if (procedure == spec::kSelfEnhancement) return runSelfEnhancement(context, past);
    if (procedure == spec::kDebate) return runDebate(context);
    return runProgressive(context, past); // kWeakToStrong is its two generations
}

} // namespace gradus::pipeline
