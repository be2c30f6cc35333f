// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/log_axis.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace gradus::viewmodels {

namespace {

constexpr double kDust = 1e-9;
constexpr std::size_t kFewTicks = 3;

/// mantissa x 10^power as the literal of those digits.
double written(int mantissa, int power)
{
    char text[32];
    std::snprintf(text, sizeof text, "%de%d", mantissa, power);
    return std::strtod(text, nullptr);
}

int powerOf(double y)
{
    return static_cast<int>(std::floor(std::log10(y) + kDust));
}

double roundDown(double y)
{
    const int power = powerOf(y);
    for (const int mantissa : {5, 2})
        if (written(mantissa, power) <= y * (1 + kDust)) return written(mantissa, power);
    return written(1, power);
}

double roundUp(double y)
{
    const int power = powerOf(y);
    for (const int mantissa : {1, 2, 5})
        if (written(mantissa, power) >= y * (1 - kDust)) return written(mantissa, power);
    return written(1, power + 1);
}

} // namespace

double logStepAt(double y)
{
    return y > 0 ? written(1, powerOf(y) - 1) : 0;
}

std::pair<double, double> logRange(double low, double high)
{
    const double half = std::sqrt(10.0);
    const double lacking = std::max(1.0, half / (high / low));
    const double around = std::sqrt(lacking);
    return {roundDown(low / around), roundUp(high * around)};
}

std::vector<double> logTicks(double bottom, double top)
{
    std::vector<double> powers;
    std::vector<double> all;
    for (int power = powerOf(bottom); power <= powerOf(top) + 1; ++power)
        for (const int mantissa : {1, 2, 5}) {
            const double tick = written(mantissa, power);
            if (tick < bottom * (1 - kDust) || tick > top * (1 + kDust)) continue;
            all.push_back(tick);
            if (mantissa == 1) powers.push_back(tick);
        }
    return powers.size() < kFewTicks ? all : powers;
}

} // namespace gradus::viewmodels
