// SPDX-License-Identifier: GPL-3.0-or-later
// Procedure "self-enhancement": a model that writes is tuned, round by round, on preferences among its own answers
// (LAIF-DPO; Yuan et al., arXiv 2401.10020; DICE, arXiv 2406.09760).
#pragma once

#include "pipeline/progressive.h"
#include "pipeline/stage_context.h"

namespace gradus::pipeline {

/// Generation 1 is the writer of rung ladder.start after one tuning on offline pairs: of self.offline programs, a right
/// answer it drew preferred to a wrong one (truth, as every A_1 is taught by). Generation r + 1 is round r on the same
/// rung: the model of before answers training.labels programs that no round has seen, self.samples times each; its
/// answers are rated as self.reward says; the best is preferred to the worst; self.replay of the pairs are replaced by
/// offline ones; DPO against the model of before. The checker's truth enters offline pairs and the control "truth"
/// alone; everywhere else it only measures. Every generation's utility (greedy ends on held-out programs), variety and,
/// from the second on, mode collapse against generation 1 go to the sink.
///
/// A resumed run reads finished generations back by their hash and begins an unfinished round again: bit-equal, since a
/// round is a function of its weights and the seed. ErrorKind::Stopped when the stop flag ended it.
Result<void> runSelfEnhancement(const StageContext& context, const Past& past);

/// Work of a whole run in ProgressMeter's units, without teaching the rung to write.
double selfEnhancementWork(const spec::Experiment& experiment, const LadderRung& rung);

} // namespace gradus::pipeline
