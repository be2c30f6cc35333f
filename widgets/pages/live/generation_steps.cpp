// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/generation_steps.h"

#include <cmath>
#include <limits>

namespace gradus::pages {

plot::Series stepsOf(const QString& id, const QString& name, const viewmodels::LiveRun& run, viewmodels::XAxis axis,
                     const GenerationValue& value)
{
    constexpr double gap = std::numeric_limits<double>::quiet_NaN();
    plot::Series series;
    series.id = id;
    series.name = name;
    series.draw = plot::Draw::Hold;
    bool intervals = false;
    for (const events::GenerationRecord& record : run.detail().generations) {
        const std::optional<Estimate> estimate = value(record);
        if (!estimate || !std::isfinite(estimate->value)) continue;
        const double first = run.xOf(run.firstStepOf(record), axis);
        const double last = run.xOf(run.lastStepOf(record), axis);
        series.points.append({first, estimate->value});
        series.points.append({last, estimate->value});
        series.points.append({last, gap});
        series.low += {estimate->low, estimate->low, gap};
        series.high += {estimate->high, estimate->high, gap};
        intervals = intervals || estimate->low != estimate->high;
    }
    if (!intervals) {
        series.low.clear();
        series.high.clear();
    }
    return series;
}

} // namespace gradus::pages
