// SPDX-License-Identifier: GPL-3.0-or-later
// A task whose items are read from files and encoded with a tokenizer that was trained on the training files alone.
#pragma once

#include "data/bpe.h"
#include "data/raw_data.h"

#include <memory>

namespace gradus::data {

/// Each sequence is the text's tokens, cut at the left to task.max_tokens - 1, and the end-of-text token, where the
/// last-token read-out looks. Pools: generation 1 draws from the teacher's items; generation i >= 2 takes the next
/// `count` of one seeded order of the student's items, and begins again where all were used. Test: at most
/// task.test_items (0: all), always the same. pretrainingTexts: the training texts with end-of-text between them, as
/// windows of max_tokens tokens, without the last incomplete one (a single shorter window where there is not more).
/// Bad input: max_tokens below 8, a vocabulary below 257 or over 65,536.
Result<std::unique_ptr<Task>> fileTask(const Template& form, const RawData& data, const spec::Experiment& experiment);

/// The vocabulary that such a task trains on the teacher's and the student's texts.
Bpe vocabularyOf(const RawData& data, int vocabulary);

} // namespace gradus::data
