// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/procedure.h"

#include "pipeline/self_enhancement.h"

namespace gradus::pipeline {

Result<void> runProcedure(const StageContext& context, const Past& past)
{
    if (context.spec.experiment.experiment.procedure == "self-enhancement") return runSelfEnhancement(context, past);
    return runProgressive(context, past); // "weak-to-strong" is its two generations
}

} // namespace gradus::pipeline
