// SPDX-License-Identifier: GPL-3.0-or-later
// Which loop an experiment's procedure is.
#pragma once

#include "pipeline/progressive.h"
#include "pipeline/stage_context.h"

namespace gradus::pipeline {

/// Runs the experiment's procedure to its end. ErrorKind::Stopped when the stop flag ended it.
Result<void> runProcedure(const StageContext& context, const Past& past);

} // namespace gradus::pipeline
