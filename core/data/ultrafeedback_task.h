// SPDX-License-Identifier: GPL-3.0-or-later
// The template "ultrafeedback": instructions with several scored answers.
#pragma once

#include "data/template.h"

namespace gradus::data {

/// UltraFeedback as published: columns instruction and completions, a list of objects with response and overall_score
/// (or fine-grained_score). The pair is the highest-scored answer (the first of equals) over one of the lower ones,
/// which a hash of the row draws; rows without a lower one are left out. The binarised form (prompt, chosen, rejected
/// as messages, score_chosen, score_rejected) is read by "preferences". Group: the instruction.
Template ultraFeedbackTemplate();

} // namespace gradus::data
