// SPDX-License-Identifier: GPL-3.0-or-later
// What the controller's decisions were made with, read back from the details of their events.
#pragma once

#include "viewmodels/live_run.h"

#include <optional>

namespace gradus::viewmodels {

/// A number of the newest decision that led to this generation: "trust", "cap", "floor", "wanted". Nothing where there
/// was no decision, or where it has no such number.
std::optional<double> gapTerm(const LiveRun& run, int generation, const char* term);

} // namespace gradus::viewmodels
