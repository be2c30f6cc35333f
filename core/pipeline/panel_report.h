// SPDX-License-Identifier: GPL-3.0-or-later
// Tells the sink what a panel of sources said: every vote, what each source is worth, and how far they can be trusted.
#pragma once

#include "pipeline/supervisor.h"

#include <cstdint>

namespace gradus::pipeline {

inline constexpr const char* kPooledEvent = "signals.pooled";     ///< details: see reportPanel
inline constexpr const char* kDegradedEvent = "signals.degraded"; ///< a pool that works with less than it should have

/// Votes of every source and the anchors' truth; series signal/n_eff, signal/noise, signal/coverage and for each source
/// signal/weight/NAME (as drawn) and signal/share/NAME (of what was said: its part of the weight of those who voted,
/// averaged over the items that anybody voted on); the event signals.pooled with, for each source, coverage, noise by
/// every estimator, leave-one-out worth and the error correlations; an event for every degraded mode and an alert where
/// sources share errors.
void reportPanel(const StageContext& context, const Panel& panel, int generation, std::int64_t step);

} // namespace gradus::pipeline
