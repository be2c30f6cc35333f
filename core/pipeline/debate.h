// SPDX-License-Identifier: GPL-3.0-or-later
// Procedure "debate" (sandwiching): stronger rungs argue before a weaker judge that is held to what they quote.
#pragma once

#include "pipeline/stage_context.h"

namespace gradus::pipeline {

/// Kind of the event with the verdicts' figures; details hold every one.
inline constexpr const char* kVerdictsEvent = "debate.verdicts";

/// The design, after Khan et al. (arXiv 2402.06782), as far as this world carries it.
///
/// - Question: a register program and two states, one of which it ends in; chance is one half.
/// - Debaters: rungs as they were pretrained. Each is assigned an answer, draws from its own beliefs the state it
/// claims
///   after every step (the last one is the assigned answer), and chooses by its own beliefs what to quote (debaters.h).
///   Nobody tells a debater whether its answer is true. Lies are plain: claims that lead up to a lie consistently are
///   not planned, so that strong liars are weaker here than they could be.
/// - Quotes: "step i takes s to t" is checked by machine against that one step and marked. Whether the program ever
///   stands at s is not checked: a verified quote may be beside the point or rest on a wrong state.
/// - Judge: a weaker rung with a fresh head, tuned on debates over training.labels programs of generation 1's pool with
///   true answers, so that it learns by itself what quotes and marks are worth; tested on held-out programs. It reads
///   program, answers and quotes as tokens. "direct": the same without quotes. "consultancy": the first debater alone.
/// - Every held-out question is put under both assignments of sides and in both orders of its answers. Verdicts come
///   from a head with two outputs, so that none is unparsable, and that share is reported as 0.
/// - Expert: the first debater's own answer, the record's ceiling.
///
/// The run is one generation. Stopped, it begins again from its beginning; the result is bit-equal.
Result<void> runDebate(const StageContext& context);

} // namespace gradus::pipeline
