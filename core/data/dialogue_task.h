// SPDX-License-Identifier: GPL-3.0-or-later
// Templates for published preference data whose prompt stands beside its two answers: "ultrafeedback", "rewardbench"
// and "llmbar".
#pragma once

#include "data/raw_data.h"

namespace gradus::data {

/// Columns prompt, chosen and rejected. A cell is plain text, one message or a list of messages, a message being an
/// object with "content" (or "value") and "role" (or "from"), as UltraFeedback and its kin are published. Answers that
/// are lists of two messages or more hold their prompt; else it is put before them. Read as a dialogue of "Human:" and
/// "Assistant:" turns, ordered by a hash of the pair; group: the prompt; equal answers are left out.
Template ultrafeedbackTemplate();
/// The same columns, always plain text, as RewardBench's rows are.
Template rewardBenchTemplate();
/// Columns input, output_1, output_2 and label: 1 or 2, the output that is better. The file's order is kept: its label
/// is the truth.
Template llmbarTemplate();

} // namespace gradus::data
