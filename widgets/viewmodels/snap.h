// SPDX-License-Identifier: GPL-3.0-or-later
// Where an edited key lands: grid lines, named targets and round values. Pure arithmetic, no window.
#pragma once

#include <vector>

namespace gradus::viewmodels {

/// A place in a lane's own units: x is a fraction of the run, y the lane's unit.
struct LanePoint
{
    double x = 0;
    double y = 0;

    friend bool operator==(const LanePoint&, const LanePoint&) = default;
};

/// What a dragged key is drawn to. Steps of 0 switch the grid off in that direction.
struct SnapGrid
{
    double xStep = 0.05;          ///< fraction of the run
    double yStep = 0.05;          ///< lane units
    std::vector<double> xTargets; ///< places worth more than a grid line (the generations' steps)
    double targetReach = 0;       ///< a target wins over the grid within this distance in x
    bool logY = false;            ///< yStep is in tenths of a value's power of ten

    friend bool operator==(const SnapGrid&, const SnapGrid&) = default;
};

/// The multiple of step nearest to value, free of the dust of binary fractions (0.1 x 3 gives 0.3); value if step <= 0.
double nearestMultiple(double value, double step);

/// The distance of grid lines around y; 0: there is no grid.
double yStepAt(const SnapGrid& grid, double y);

/// The nearest target within reach, else the nearest grid line, each direction on its own.
LanePoint snapped(const LanePoint& point, const SnapGrid& grid);

/// The largest of 1, 2, 5 x 10^n that is not above span / parts: the distance of grid lines a reader can name.
double roundStep(double span, int parts);

} // namespace gradus::viewmodels
