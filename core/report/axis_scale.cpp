// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/axis_scale.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace gradus::report {

namespace {

/// 1, 2 or 5 times a power of ten, so that about `wanted` of them span the length.
double roundStep(double length, int wanted)
{
    const double raw = length / std::max(1, wanted);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= raw * 0.999) return factor * power;
    return 10 * power;
}

/// As many decimals as the step needs, and a true minus.
std::string tickText(double value, double step)
{
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 8);
    const bool zero = std::abs(value) < step * 1e-6;
    return (!zero && value < 0 ? "\u2212" : "") + fixedText(zero ? 0 : std::abs(value), decimals);
}

} // namespace

AxisScale::AxisScale(double least, double most, bool logarithmic)
    : m_least(least), m_most(most), m_logarithmic(logarithmic)
{
    if (m_least < m_most) return;
    if (logarithmic) {
        m_least /= 2;
        m_most *= 2;
    } else {
        const double room = std::max(0.5 * std::abs(least), 0.05);
        m_least -= room;
        m_most += room;
    }
}

double AxisScale::at(double value) const
{
    if (m_logarithmic) return (std::log(value) - std::log(m_least)) / (std::log(m_most) - std::log(m_least));
    return (value - m_least) / (m_most - m_least);
}

std::vector<Tick> AxisScale::ticks(int wanted, bool whole) const
{
    std::vector<Tick> ticks;
    if (m_logarithmic) {
        const int first = static_cast<int>(std::ceil(std::log10(m_least) - 1e-9));
        const int last = static_cast<int>(std::floor(std::log10(m_most) + 1e-9));
        const int every = std::max(1, (last - first + wanted) / std::max(1, wanted));
        for (int exponent = first; exponent <= last; exponent += every)
            ticks.push_back({std::pow(10.0, exponent), "1e" + std::to_string(exponent)});
        return ticks;
    }
    double step = roundStep(m_most - m_least, wanted);
    if (whole) step = std::max(1.0, std::round(step));
    const double slack = step * 1e-9;
    for (double i = std::ceil((m_least - slack) / step); i * step <= m_most + slack; ++i)
        ticks.push_back({i * step, tickText(i * step, step)});
    return ticks;
}

AxisScale roundScale(double least, double most, int ticks)
{
    const AxisScale around(least, most, false);
    const double step = roundStep(around.most() - around.least(), ticks);
    return {std::floor(around.least() / step + 1e-9) * step, std::ceil(around.most() / step - 1e-9) * step, false};
}

} // namespace gradus::report
