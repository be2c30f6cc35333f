// SPDX-License-Identifier: GPL-3.0-or-later
// Before a run whose discovery plays in sandbox cells: does this machine still contain what it ran yesterday?
#pragma once

#include "events/event_sink.h"
#include "sandbox/battery.h"

#include <string>

namespace gradus::pipeline {

inline constexpr const char* kBatteryEvent = "sandbox.battery"; ///< verdict counts and layers, before the first episode

/// The quick battery at the cell's level, about a second. Its result is an event of the run. Empty: the level held, and
/// cells may be used. Else one sentence that names the layer for want of which discovery is only simulated.
std::string preflightCells(const sandbox::CellOptions& cell, events::EventSink& sink);

/// {"level":2,"held":true,"seconds":...,"counts":{"contained":...},"layers":[{"layer":...,"contained":...,"open":[...]}],
/// "open":[...]}: rows without one owner are under the layer "several".
std::string batteryDetails(const sandbox::BatteryReport& report);

} // namespace gradus::pipeline
