// SPDX-License-Identifier: GPL-3.0-or-later
// The templates "preferences" and "rewardbench": pairs of answers of which one was chosen.
#pragma once

#include "data/template.h"

namespace gradus::data {

/// Columns chosen and rejected: whole dialogues as text, or messages as JSON. Optional: prompt, which both answers
/// follow; score_chosen and score_rejected, by which ties are known. Rows whose two texts or scores are equal are left
/// out. Group: the prompt, else the dialogue up to its last "Assistant:" turn, or else what the two texts have in
/// common at the beginning.
Template preferencesTemplate();

/// The same with a prompt in every row and plain texts alone: RewardBench as it is published (its subsets are scored by another command).
Template rewardBenchTemplate();

} // namespace gradus::data
