// SPDX-License-Identifier: GPL-3.0-or-later
// The alert rules of a run as its history has them, with how often each fired. Pure.
#pragma once

#include "spec/alert_rules.h"
#include "store/records.h"

#include <cstdint>
#include <vector>

namespace gradus::viewmodels {

struct WatchedRule
{
    spec::AlertRule rule;
    int fired = 0;             ///< times
    std::int64_t lastStep = 0; ///< at which it fired last
};

/// Those that are watched now, in their order.
std::vector<WatchedRule> watchedRules(const std::vector<store::EventRow>& events);
/// Without what they did.
std::vector<spec::AlertRule> rulesOf(const std::vector<WatchedRule>& watched);

} // namespace gradus::viewmodels
