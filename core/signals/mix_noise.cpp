// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/mix_noise.h"

#include "base/rng.h"
#include "signals/binomial_bounds.h"
#include "signals/isotonic.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace gradus::signals {

namespace {

constexpr long long kFewWrong = 5;

std::vector<double> doubts(const Pooled& pooled)
{
    const std::size_t items = pooled.labels.size();
    const std::size_t width = items == 0 ? 1 : pooled.posterior.size() / items;
    std::vector<double> doubts;
    doubts.reserve(items);
    for (std::size_t i = 0; i < items; ++i)
        doubts.push_back(1 -
                         static_cast<double>(pooled.posterior[i * width + static_cast<std::size_t>(pooled.labels[i])]));
    return doubts;
}

/// Mean of the calibrated doubt over all items; sorted ascends, so the steps are walked once.
double meanOver(const std::vector<double>& sorted, const IsotonicFit& fit)
{
    double sum = 0;
    std::size_t step = 0;
    for (const double x : sorted) {
        while (step + 1 < fit.start.size() && fit.start[step + 1] <= x)
            ++step;
        sum += fit.value[step];
    }
    return sum / static_cast<double>(sorted.size());
}

double bootstrapUpper(const std::vector<double>& sorted, const std::vector<double>& x, const std::vector<double>& y,
                      std::uint64_t seed, int draws)
{
    Rng rng(seed, "bootstrap/mix-noise");
    std::vector<double> drawnX(x.size());
    std::vector<double> drawnY(x.size());
    std::vector<double> means;
    for (int draw = 0; draw < draws; ++draw) {
        for (std::size_t a = 0; a < x.size(); ++a) {
            const auto from = static_cast<std::size_t>(rng.below(x.size()));
            drawnX[a] = x[from];
            drawnY[a] = y[from];
        }
        means.push_back(meanOver(sorted, fitIsotonic(drawnX, drawnY)));
    }
    if (means.empty()) return 1;
    std::sort(means.begin(), means.end());
    return means[static_cast<std::size_t>(0.95 * static_cast<double>(means.size() - 1) + 0.5)];
}

} // namespace

MixNoise mixNoise(const Pooled& pooled, const Anchors& anchors, std::uint64_t seed, int draws)
{
    MixNoise noise;
    std::vector<double> sorted = doubts(pooled);
    if (sorted.empty()) {
        noise.degraded = "There are no pooled labels, so their noise is unknown.";
        return noise;
    }
    std::vector<double> x;
    std::vector<double> y;
    long long wrong = 0;
    for (std::size_t a = 0; a < anchors.items.size(); ++a) {
        const bool errs = pooled.labels[anchors.items[a]] != anchors.truth[a];
        x.push_back(sorted[anchors.items[a]]);
        y.push_back(errs ? 1 : 0);
        wrong += errs ? 1 : 0;
    }
    std::sort(sorted.begin(), sorted.end());
    noise.raw = std::accumulate(sorted.begin(), sorted.end(), 0.0) / static_cast<double>(sorted.size());
    noise.anchors = static_cast<long long>(x.size());
    if (x.empty()) {
        noise.calibrated = noise.raw;
        noise.degraded = "No anchors: the noise of the pooled labels is only what the pool believes, without a bound.";
        return noise;
    }
    noise.calibrated = meanOver(sorted, fitIsotonic(x, y));
    noise.upper = std::max(noise.calibrated, bootstrapUpper(sorted, x, y, seed, draws));
    if (wrong < kFewWrong) noise.upper = std::max(noise.upper, clopperPearsonUpper(wrong, noise.anchors));
    return noise;
}

} // namespace gradus::signals
