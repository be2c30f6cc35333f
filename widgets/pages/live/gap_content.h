// SPDX-License-Identifier: GPL-3.0-or-later
// What the gap card of Live draws: the gap taken, the one that was drawn, and what a decision was made with.
#pragma once

#include "plot/time_plot.h"
#include "schedule/curve.h"
#include "viewmodels/live_run.h"
#include "viewmodels/time_window.h"

#include <optional>
#include <string>

namespace gradus::pages {

/// The gap the experiment asks for over the fraction of generations done; nothing when its controller has no curve.
/// Parses the frozen experiment; keep it per run.
std::optional<schedule::Curve> drawnGap(const std::string& specToml);

/// Adds its lines.
void addGap(QVector<plot::Series>& all, const viewmodels::LiveRun& run, const viewmodels::TimeWindow& window,
            const std::optional<schedule::Curve>& drawn);

} // namespace gradus::pages
