// SPDX-License-Identifier: GPL-3.0-or-later
// The estimate of noise from two modes of per-item losses, declared in noise_estimates.h.
#include "signals/noise_estimates.h"

#include "signals/binomial_bounds.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus::signals {

namespace {

constexpr int kIterations = 500;
constexpr double kTolerance = 1e-9; ///< of the share of the upper mode

struct Mode
{
    double share = 0.5;
    double mean = 0;
    double variance = 1;
    /// Up to the factor that both modes share.
    double density(double x) const
    {
        return share * std::exp(-(x - mean) * (x - mean) / (2 * variance)) / std::sqrt(variance);
    }
};

struct Mixture
{
    Mode low;
    Mode high;
    double chanceOfHigh(double x) const
    {
        const double upper = high.density(x);
        const double sum = low.density(x) + upper;
        // Far from both modes everything underflows: the nearer mean decides.
        return sum > 0 ? upper / sum : (std::abs(x - high.mean) < std::abs(x - low.mean) ? 1.0 : 0.0);
    }
};

Mixture fit(const std::vector<double>& sorted, double leastVariance)
{
    const std::size_t n = sorted.size();
    const double mean = std::accumulate(sorted.begin(), sorted.end(), 0.0) / static_cast<double>(n);
    double variance = 0;
    for (const double x : sorted)
        variance += (x - mean) * (x - mean) / static_cast<double>(n);
    Mixture mixture{{0.5, sorted[n / 10], variance / 4}, {0.5, sorted[n - 1 - n / 10], variance / 4}};
    for (int iteration = 0; iteration < kIterations; ++iteration) {
        double sums[2][3] = {};
        for (const double x : sorted) {
            const double upper = mixture.chanceOfHigh(x);
            const double chances[2] = {1 - upper, upper};
            for (int mode = 0; mode < 2; ++mode) {
                sums[mode][0] += chances[mode];
                sums[mode][1] += chances[mode] * x;
                sums[mode][2] += chances[mode] * x * x;
            }
        }
        const double before = mixture.high.share;
        Mode* modes[2] = {&mixture.low, &mixture.high};
        for (int mode = 0; mode < 2; ++mode) {
            const double weight = std::max(sums[mode][0], 1e-12);
            modes[mode]->share = sums[mode][0] / static_cast<double>(n);
            modes[mode]->mean = sums[mode][1] / weight;
            modes[mode]->variance =
                std::max(leastVariance, sums[mode][2] / weight - modes[mode]->mean * modes[mode]->mean);
        }
        if (std::abs(mixture.high.share - before) < kTolerance) break;
    }
    if (mixture.low.mean > mixture.high.mean) std::swap(mixture.low, mixture.high);
    return mixture;
}

} // namespace

NoiseEstimate lossMixtureNoise(std::span<const double> losses)
{
    NoiseEstimate estimate;
    estimate.method = "loss-mixture";
    estimate.n = static_cast<long long>(losses.size());
    std::vector<double> sorted(losses.begin(), losses.end());
    std::sort(sorted.begin(), sorted.end());
    if (sorted.size() < 20) {
        estimate.refusal = "The loss mixture needs at least 20 losses, there are " + std::to_string(sorted.size()) +
                           ": score more items.";
        return estimate;
    }
    const double range = sorted.back() - sorted.front();
    const Mixture mixture = fit(sorted, std::max(1e-12, range * range * 1e-6));
    const double apart = std::sqrt(2.0) * (mixture.high.mean - mixture.low.mean) /
                         std::sqrt(mixture.low.variance + mixture.high.variance);
    if (!(range > 0) || !(apart >= 2)) {
        estimate.refusal =
            "The losses show no two modes apart, so their mixture says nothing of noise: use anchors, or "
            "losses from just after warm-up.";
        return estimate;
    }
    double sum = 0;
    for (const double x : sorted)
        sum += mixture.chanceOfHigh(x);
    const Estimate bounds = wilsonOneSided(sum / static_cast<double>(sorted.size()), estimate.n);
    estimate.estimate = bounds.value;
    estimate.lower = bounds.low;
    estimate.upper = bounds.high;
    return estimate;
}

} // namespace gradus::signals
