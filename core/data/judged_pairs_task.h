// SPDX-License-Identifier: GPL-3.0-or-later
// The template "judged-pairs": two answers side by side and a judge's label.
#pragma once

#include "data/template.h"

namespace gradus::data {

/// LLMBar, PandaLM and their like: columns input (the prompt), output_1, output_2 and label: 1 or 2 (also a/b,
/// left/right or model_a/model_b) names the better one; 0, "tie", "both" or an empty cell is a tie and left out, as are
/// equal answers. Group: the prompt.
Template judgedPairsTemplate();

} // namespace gradus::data
