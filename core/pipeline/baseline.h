// SPDX-License-Identifier: GPL-3.0-or-later
// The line that a model has to beat before anything is said of it: a plain classifier on the same items.
#pragma once

#include "pipeline/stage_context.h"

namespace gradus::pipeline {

/// Says in one event (events/baseline_event.h), with a 95 % Wilson interval, what a model without understanding reaches
/// on the held-out items: on preference pairs a bag of words fitted with truth on generation 1's own pairs, elsewhere
/// the commonest class of generation 1's items. Draws no random number of the run; a model's training never sees it.
Result<void> reportBaseline(const StageContext& context);

/// The same line for models that write the final state of a register program (chance is 1 in 7 or a little more).
void reportEndBaseline(const StageContext& context);

} // namespace gradus::pipeline
