// SPDX-License-Identifier: GPL-3.0-or-later
#include "evals/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace gradus::evals {

double normalQuantile(double probability)
{
    return boost::math::quantile(boost::math::normal(), probability);
}

double studentQuantile(double probability, double degrees)
{
    return boost::math::quantile(boost::math::students_t(degrees), probability);
}

double proportionUpper(long long successes, long long n, double confidence)
{
    if (n <= 0 || successes >= n) return 1;
    return boost::math::quantile(
        boost::math::beta_distribution<double>(static_cast<double>(successes) + 1, static_cast<double>(n - successes)),
        confidence);
}

Estimate meanWithInterval(std::span<const double> values)
{
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    if (values.size() < 2) return {mean, mean, mean, 1};
    double squares = 0;
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    const double half = studentQuantile(0.975, n - 1) * std::sqrt(squares / (n - 1) / n);
    return {mean, mean - half, mean + half, static_cast<long long>(values.size())};
}

Estimate pairedDifference(std::span<const double> a, std::span<const double> b)
{
    std::vector<double> differences(a.size());
    std::transform(a.begin(), a.end(), b.begin(), differences.begin(), std::minus<>());
    return meanWithInterval(differences);
}

long long binomialDraw(long long n, double p, Rng& rng)
{
    if (p > 0.5) return n - binomialDraw(n, 1 - p, rng);
    if (n <= 0 || p <= 0) return 0;
    // Walk outwards from the mode, where nearly all the mass is: O(standard deviation) steps instead of O(n).
    const auto count = static_cast<double>(n);
    const auto mode = static_cast<long long>(std::floor((count + 1) * p));
    const auto m = static_cast<double>(mode);
    const double atMode = std::exp(std::lgamma(count + 1) - std::lgamma(m + 1) - std::lgamma(count - m + 1) +
                                   m * std::log(p) + (count - m) * std::log1p(-p));
    const double odds = p / (1 - p);
    double u = rng.uniform() - atMode;
    long long low = mode;
    long long high = mode;
    double lowMass = atMode;
    double highMass = atMode;
    while (u > 0 && (low > 0 || high < n)) {
        if (high < n) {
            highMass *= odds * static_cast<double>(n - high) / static_cast<double>(high + 1);
            ++high;
            u -= highMass;
            if (u <= 0) return high;
        }
        if (low > 0) {
            lowMass *= static_cast<double>(low) / (odds * static_cast<double>(n - low + 1));
            --low;
            u -= lowMass;
            if (u <= 0) return low;
        }
    }
    return mode; // the first step, or mass lost to rounding
}

} // namespace gradus::evals
