// SPDX-License-Identifier: GPL-3.0-or-later
// Procedure "noise-sensitivity": one student of labels that were made wrong on purpose, to see what it repeats.
#pragma once

#include "events/noise_event.h"
#include "pipeline/past.h"
#include "pipeline/stage_context.h"

namespace gradus::pipeline {

using events::kNoiseEvent;

/// Trains A_1 on the truth as spec::soleSource makes it wrong. Its curves are those of any student
/// (train/accuracy_noisy against the labels it was taught, train/accuracy_clean against the truth, memorisation,
/// test/accuracy), with noise/wrong, the share of its labels that are wrong. There is no ceiling: the same student at
/// rate 0 is one. Runs of one seed are paired: they share items, base and shuffling, and their wrong labels are nested
/// over the rates. ErrorKind::Stopped when the stop flag ended it.
Result<void> runNoiseSensitivity(const StageContext& context, const Past& past);

} // namespace gradus::pipeline
