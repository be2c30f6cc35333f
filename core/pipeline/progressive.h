// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's loop over generations: competence, risk discovery, value alignment, next gap. Readable top to bottom.
#pragma once

#include "pipeline/past.h"
#include "pipeline/stage_context.h"

namespace gradus::pipeline {

/// Runs all generations; rolled back ones are tried again through another rung while the controller finds one.
/// ErrorKind::Stopped when the stop flag ended it.
Result<void> runProgressive(const StageContext& context, const Past& past);

} // namespace gradus::pipeline
