// SPDX-License-Identifier: GPL-3.0-or-later
// Curves of a known law, with noise of a known size.
#pragma once

#include "forecast/capacity_curve.h"

#include "base/rng.h"

#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace gradus::forecast::tests {

inline const std::vector<double> kRungs{3.0, 3.5, 4.0, 4.5, 5.0, 5.5};

inline CapacityCurve curveOf(const std::function<double(double)>& law, double error, Rng& rng, double floor = 0.5,
                             const std::string& task = "a task")
{
    CapacityCurve curve{.name = "curve", .task = task, .figure = Figure::Ceiling, .floor = floor, .points = {}};
    for (const double capacity : kRungs)
        curve.points.push_back({capacity, law(capacity) + error * rng.normal(), error, 3});
    return curve;
}

inline double logistic(double capacity)
{
    return 0.5 + 0.5 / (1 + std::exp(-1.2 * (capacity - 4.5)));
}

} // namespace gradus::forecast::tests
