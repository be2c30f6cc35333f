// SPDX-License-Identifier: GPL-3.0-or-later
// How a run's state looks: an icon whose form differs, a colour, a word.
#pragma once

#include "common/icons.h"
#include "common/tokens.h"
#include "store/records.h"

#include <QString>

namespace gradus::pages {

common::Icon iconOf(store::RunState state);
QColor colourOf(store::RunState state, const common::Tokens& tokens);
QString wordOf(store::RunState state);
/// "fixed 0.5, seed 2": the condition (without a sweep the experiment's name) and the seed; made visible.
QString nameOf(const store::RunRow& run);
/// What the last column of Home says: "2 h 50 min left", "today 07:12", the failure, or the state's word.
QString endOf(const store::RunRow& run, double now);

} // namespace gradus::pages
