// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/snap.h"

#include "viewmodels/log_axis.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace gradus::viewmodels {

namespace {

/// Twelve digits are more than any drag can mean; dropping the rest makes 3 x 0.1 the literal 0.3 in the file.
double withoutDust(double value)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.12g", value);
    const double clean = std::strtod(text, nullptr);
    return clean == 0 ? 0.0 : clean; // never -0 in a file
}

} // namespace

double nearestMultiple(double value, double step)
{
    if (!(step > 0) || !std::isfinite(value)) return value;
    return withoutDust(std::round(value / step) * step);
}

double yStepAt(const SnapGrid& grid, double y)
{
    return grid.logY ? grid.yStep * logStepAt(y) : grid.yStep;
}

LanePoint snapped(const LanePoint& point, const SnapGrid& grid)
{
    LanePoint result{nearestMultiple(point.x, grid.xStep), nearestMultiple(point.y, yStepAt(grid, point.y))};
    double nearest = grid.targetReach;
    for (const double target : grid.xTargets) {
        const double distance = std::abs(point.x - target);
        if (distance > nearest) continue;
        nearest = distance;
        result.x = target;
    }
    return result;
}

double roundStep(double span, int parts)
{
    if (!(span > 0) || parts < 1) return 0;
    const double raw = span / parts;
    const double power = std::pow(10.0, std::floor(std::log10(raw) + 1e-9));
    for (const double factor : {5.0, 2.0})
        if (factor * power <= raw * (1 + 1e-9)) return withoutDust(factor * power);
    return withoutDust(power);
}

} // namespace gradus::viewmodels
