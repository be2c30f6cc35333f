// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/procedure.h"

#include "pipeline/noise_sensitivity.h"
#include "pipeline/progressive.h"

namespace gradus::pipeline {

Result<void> runProcedure(const StageContext& context, const Past& past)
{
    if (context.spec.experiment.experiment.procedure == spec::kNoiseSensitivity)
        return runNoiseSensitivity(context, past);
    return runProgressive(context, past);
}

} // namespace gradus::pipeline
