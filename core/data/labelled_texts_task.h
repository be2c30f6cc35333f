// SPDX-License-Identifier: GPL-3.0-or-later
// The template "labelled-texts": one's own texts with a yes or no.
#pragma once

#include "data/template.h"

namespace gradus::data {

/// Columns text and label: 1, true or yes, else 0, false or no. Optional: prompt, which the text answers. Group: the
/// prompt, else the text.
Template labelledTextsTemplate();

} // namespace gradus::data
