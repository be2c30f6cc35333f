// SPDX-License-Identifier: GPL-3.0-or-later
// From a value to its place on an axis, and where the axis has its ticks. Pure.
#pragma once

#include <string>
#include <vector>

namespace gradus::report {

struct Tick
{
    double value = 0;
    std::string text;
};

/// Maps [least, most] to [0, 1].
class AxisScale final
{
public:
    /// Widens an empty range. logarithmic: both ends above 0.
    AxisScale(double least, double most, bool logarithmic);

    double at(double value) const; ///< outside [0, 1] where value is outside the range
    double least() const { return m_least; }
    double most() const { return m_most; }
    /// About `wanted` round numbers inside the range, increasing; powers of ten where it is logarithmic.
    std::vector<Tick> ticks(int wanted, bool whole = false) const;

private:
    double m_least;
    double m_most;
    bool m_logarithmic;
};

/// The smallest range of round numbers that holds [least, most].
AxisScale roundScale(double least, double most, int ticks);

} // namespace gradus::report
