// SPDX-License-Identifier: GPL-3.0-or-later
// The "preferences" template: pairs of whole dialogues, of which one was chosen.
#pragma once

#include "data/raw_data.h"

namespace gradus::data {

/// Columns chosen and rejected. A hash of the pair decides which of the two comes first, so truth (0: the first is
/// better) is balanced and says nothing about the file's order. Rows whose two texts are equal are left out.
/// Group: the dialogue up to its last "Assistant:" turn, or else what the two texts have in common at the beginning.
Template preferencesTemplate();

} // namespace gradus::data
