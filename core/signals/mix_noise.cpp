// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/mix_noise.h"

#include "base/rng.h"
#include "signals/binomial_bounds.h"
#include "signals/cross_fit.h"
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

MixNoise calibrate(std::vector<double> sorted, const std::vector<double>& x, const std::vector<double>& y,
                   std::uint64_t seed, int draws)
{
    std::sort(sorted.begin(), sorted.end());
    MixNoise noise;
    noise.raw = std::accumulate(sorted.begin(), sorted.end(), 0.0) / static_cast<double>(sorted.size());
    noise.anchors = static_cast<long long>(x.size());
    if (x.empty()) {
        noise.calibrated = noise.raw;
        noise.degraded = "No anchors: the noise of the pooled labels is only what the pool believes, without a bound.";
        return noise;
    }
    noise.calibrated = meanOver(sorted, fitIsotonic(x, y));
    noise.upper = std::max(noise.calibrated, bootstrapUpper(sorted, x, y, seed, draws));
    const auto wrong = static_cast<long long>(std::count(y.begin(), y.end(), 1.0));
    if (wrong < kFewWrong) noise.upper = std::max(noise.upper, clopperPearsonUpper(wrong, noise.anchors));
    return noise;
}

MixNoise ofNothing()
{
    MixNoise noise;
    noise.degraded = "There are no pooled labels, so their noise is unknown.";
    return noise;
}

} // namespace

MixNoise mixNoise(Aggregate method, const VoteTable& table, const Pooled& pooled, const Anchors& anchors,
                  std::uint64_t seed, int draws)
{
    const std::vector<double> doubt = doubts(pooled);
    if (doubt.empty()) return ofNothing();
    const auto width = static_cast<std::size_t>(table.classes);
    const std::vector<double> heldOut = posteriorsOnAnchors(method, table, pooled, anchors);
    std::vector<double> x;
    std::vector<double> y;
    for (std::size_t a = 0; a < anchors.truth.size(); ++a) {
        const auto row = heldOut.begin() + static_cast<std::ptrdiff_t>(a * width);
        const auto best = std::max_element(row, row + table.classes);
        x.push_back(1 - *best);
        y.push_back(best - row != anchors.truth[a] ? 1 : 0);
    }
    return calibrate(doubt, x, y, seed, draws);
}

} // namespace gradus::signals
