// SPDX-License-Identifier: GPL-3.0-or-later
// The sandbox's pre-flight as an event of a run: does this machine still contain what it ran yesterday?
#pragma once

#include "events/event_sink.h"
#include "sandbox/preflight.h"

#include <string>

namespace gradus::pipeline {

inline constexpr const char* kBatteryEvent = "sandbox.battery"; ///< verdict counts and layers, before the first episode

/// What was tried, held or not, as whoever keeps episodes keeps it beside them.
events::RunEvent batteryEvent(const sandbox::Preflight& preflight);

/// The pre-flight at the cell's level, about a second a level. Its result is an event of the run. Empty: the level
/// held, and cells may be used. Else one sentence that names the layer for want of which no code runs.
std::string preflightCells(const sandbox::CellOptions& cell, events::EventSink& sink);

/// {"level":2,"held":true,"seconds":...,"counts":{"contained":...},"layers":[{"layer":...,"contained":...,"open":[...]}],
/// "open":[...],"climbed":[{"level":1,"held":true,"counts":{...}},...]}: the counts are those of the last level that
/// was tried; rows without one owner are under the layer "several". Where no cell started: "level", "held" and
/// "refused".
std::string batteryDetails(const sandbox::Preflight& preflight);

} // namespace gradus::pipeline
