// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/binomial_bounds.h"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>

namespace gradus::signals {

double clopperPearsonUpper(long long successes, long long n, double confidence)
{
    if (successes >= n) return 1;
    const boost::math::beta_distribution<double> beta(static_cast<double>(successes) + 1,
                                                      static_cast<double>(n - successes));
    return boost::math::quantile(beta, confidence);
}

double clopperPearsonLower(long long successes, long long n, double confidence)
{
    if (successes <= 0) return 0;
    const boost::math::beta_distribution<double> beta(static_cast<double>(successes),
                                                      static_cast<double>(n - successes) + 1);
    return boost::math::quantile(beta, 1 - confidence);
}

Estimate wilsonOneSided(double rate, long long n)
{
    if (n <= 0) return {rate, 0, 1, 0};
    constexpr double z = 1.6448536269514722; // 95 % quantile of the standard normal
    const auto count = static_cast<double>(n);
    const double centre = (rate + z * z / (2 * count)) / (1 + z * z / count);
    const double half = z * std::sqrt(rate * (1 - rate) / count + z * z / (4 * count * count)) / (1 + z * z / count);
    return {rate, std::min(rate, std::max(0.0, centre - half)), std::max(rate, std::min(1.0, centre + half)), n};
}

void MeanOf::add(double value)
{
    sum += value;
    squares += value * value;
    ++n;
}

Estimate MeanOf::estimate() const
{
    const auto count = static_cast<double>(n);
    const double mean = sum / count;
    if (n < 2) return {mean, mean, mean, n};
    const double variance = std::max(0.0, (squares - count * mean * mean) / (count - 1));
    const double t = boost::math::quantile(boost::math::students_t_distribution<double>(count - 1), 0.975);
    const double half = t * std::sqrt(variance / count);
    return {mean, mean - half, mean + half, n};
}

} // namespace gradus::signals
