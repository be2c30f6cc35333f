// SPDX-License-Identifier: GPL-3.0-or-later
#include "evals/power.h"

#include "evals/statistics.h"

#include <cmath>

#include <boost/math/distributions/non_central_t.hpp>

namespace gradus::evals {

double pairedPower(double differenceInDeviations, long long n, double level)
{
    const double degrees = static_cast<double>(n - 1);
    const double critical = studentQuantile(1 - level / 2, degrees);
    const double shift = std::abs(differenceInDeviations) * std::sqrt(static_cast<double>(n));
    if (shift > 37) return 1; // beyond what Boost's series resolves, and no different from 1
    const boost::math::non_central_t distribution(degrees, shift);
    return boost::math::cdf(boost::math::complement(distribution, critical)) +
           boost::math::cdf(distribution, -critical);
}

double detectableDifference(double deviation, long long n, double level, double power)
{
    double below = 0;
    double above = 1;
    while (pairedPower(above, n, level) < power)
        above *= 2;
    for (int halving = 0; halving < 50; ++halving) {
        const double middle = (below + above) / 2;
        (pairedPower(middle, n, level) < power ? below : above) = middle;
    }
    return above * deviation;
}

std::optional<long long> pairsNeeded(double difference, double deviation, double level, double power)
{
    if (difference == 0) return std::nullopt;
    if (deviation == 0) return 2;
    const double size = std::abs(difference) / deviation;
    if (pairedPower(size, kMostSeeds, level) < power) return std::nullopt;
    long long below = 1;
    long long enough = kMostSeeds;
    while (enough - below > 1) {
        const long long middle = below + (enough - below) / 2;
        (pairedPower(size, middle, level) < power ? below : enough) = middle;
    }
    return enough;
}

} // namespace gradus::evals
