// SPDX-License-Identifier: GPL-3.0-or-later
// The sandbox's pre-flight as a verb asks for it: before anything is written, and kept with what it plays.
#pragma once

#include "base/result.h"
#include "events/events.h"
#include "scenario/scenario.h"

#include <vector>

namespace gradus::app {

/// The event `sandbox.battery` of the highest level that these scenarios are played at. Refused, exit code 3, with the
/// layer's name where that did not hold. About a second a level, once a process.
Result<events::RunEvent> preflightOf(const std::vector<scenario::Scenario>& scenarios);

} // namespace gradus::app
