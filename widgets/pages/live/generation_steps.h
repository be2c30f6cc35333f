// SPDX-License-Identifier: GPL-3.0-or-later
// What a generation has once, as a line over it.
#pragma once

#include "plot/time_plot.h"
#include "viewmodels/live_run.h"

#include <functional>
#include <optional>

namespace gradus::pages {

using GenerationValue = std::function<std::optional<Estimate>(const events::GenerationRecord&)>;

/// A step a generation with its interval, where any has one; a gap where there is no value.
plot::Series stepsOf(const QString& id, const QString& name, const viewmodels::LiveRun& run, viewmodels::XAxis axis,
                     const GenerationValue& value);

} // namespace gradus::pages
