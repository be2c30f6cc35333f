// SPDX-License-Identifier: GPL-3.0-or-later
// The templates "ultrafeedback" and "ultrafeedback-aspects": instructions with several scored answers.
#pragma once

#include "data/template.h"

namespace gradus::data {

/// UltraFeedback as published: columns instruction and completions, a list of objects with response and overall_score
/// (or fine-grained_score), and annotations, an object of aspects with a Rating from 1 to 5 each. Answers with an
/// overall score of 10 whose ratings are below 3 on average are no part of any pair and are counted as distrusted: the
/// published file has about two thousand of them, a 1 that was written as 10. The pair is the highest-scored answer
/// (the first of equals) over one of the lower ones, which a hash of the row draws; rows without a lower one are left
/// out. The binarised form (prompt, chosen, rejected as messages, score_chosen, score_rejected) is read by
/// "preferences". Group: the instruction.
Template ultraFeedbackTemplate();
/// The same by the mean of the aspects' ratings (where there are none, fine-grained_score), which do not have that
/// fault.
Template ultraFeedbackAspectsTemplate();

} // namespace gradus::data
