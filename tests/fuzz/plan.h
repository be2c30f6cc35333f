// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for runs of other trackers, whoever wrote them.
#pragma once

#include "imports/foreign_run.h"

namespace gradus::fuzz {

/// A plan is made or refused, on the source's own steps and on the first series as the axis: names and texts of it are
/// fit to show, steps of a series increase, and no point comes from nothing.
void expectPlan(const imports::ForeignSource& source);

} // namespace gradus::fuzz
