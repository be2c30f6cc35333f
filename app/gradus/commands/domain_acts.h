// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in console domain as the containment study plays it: simulated at level 0, commands in cells above.
#pragma once

#include "monitors/containment_study.h"

#include <cstdint>
#include <vector>

namespace gradus::app {

/// Every action on a few questions of each seed, with the check open or locked, watched or not.
std::vector<monitors::DomainAct> consoleActs(const std::vector<std::uint64_t>& seeds);

} // namespace gradus::app
