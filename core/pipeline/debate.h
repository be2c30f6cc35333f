// SPDX-License-Identifier: GPL-3.0-or-later
// Procedure "debate" (sandwiching): stronger rungs argue before a weaker judge that is held to what they quote.
#pragma once

#include "pipeline/stage_context.h"

namespace gradus::pipeline {

/// Kind of the event with the verdicts' figures; details hold every one.
inline constexpr const char* kVerdictsEvent = "debate.verdicts";

/// The design, after Khan et al. (arXiv 2402.06782); what is debated: register_debate.h, passage_debate.h.
///
/// - Debaters are rungs as they are, and each is assigned an answer; nobody tells it whether that one is true.
/// - Judge: a weaker rung with a fresh head, tuned on debates over training.labels items of generation 1's pool with
///   true answers, so that it learns by itself what quotes are worth; tested on held-out items. "direct": the same
///   without quotes. "consultancy": the first debater alone.
/// - Every held-out question is put under both assignments of sides and in both orders of its answers. Verdicts come
///   from a head with two outputs, so that none is unparsable, and that share is reported as 0.
/// - Expert: the first debater's own answer, the record's ceiling.
///
/// The run is one generation. Stopped, it begins again from its beginning; the result is bit-equal.
Result<void> runDebate(const StageContext& context);

} // namespace gradus::pipeline
