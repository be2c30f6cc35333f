// SPDX-License-Identifier: GPL-3.0-or-later
// What experiment.procedure names, as something that runs.
#pragma once

#include "pipeline/past.h"
#include "pipeline/stage_context.h"

namespace gradus::pipeline {

/// Works through one run by its procedure. ErrorKind::Stopped when the stop flag ended it; run again with what was
/// reported so far, it continues bit-equal.
Result<void> runProcedure(const StageContext& context, const Past& past);

} // namespace gradus::pipeline
