// SPDX-License-Identifier: GPL-3.0-or-later
#include "controller/noise_tolerance.h"

#include "evals/statistics.h"
#include "signals/isotonic.h"

#include <algorithm>
#include <map>
#include <optional>

namespace gradus::controller {

namespace {

/// A broken line through (0, 0) and further points.
struct Line
{
    std::vector<double> x{0.0};
    std::vector<double> y{0.0};
};

/// The first x at which the line reaches the height; none when it stays below.
std::optional<double> firstReach(const Line& line, double height)
{
    for (std::size_t i = 1; i < line.x.size(); ++i)
        if (line.y[i] >= height) {
            const double rise = line.y[i] - line.y[i - 1];
            const double share = rise > 0 ? std::clamp((height - line.y[i - 1]) / rise, 0.0, 1.0) : 0;
            return line.x[i - 1] + share * (line.x[i] - line.x[i - 1]);
        }
    return std::nullopt;
}

std::vector<NoiseLoss> lossesOf(std::span<const NoisyResult> results)
{
    std::map<std::int64_t, double> clean;
    for (const NoisyResult& result : results)
        if (result.rate == 0) clean[result.seed] = result.accuracy;
    std::map<double, std::pair<std::vector<double>, std::vector<double>>> pairs;
    for (const NoisyResult& result : results)
        if (const auto found = clean.find(result.seed); result.rate > 0 && found != clean.end()) {
            pairs[result.rate].first.push_back(found->second);
            pairs[result.rate].second.push_back(result.accuracy);
        }
    std::vector<NoiseLoss> losses;
    for (const auto& [rate, both] : pairs)
        losses.push_back({rate, evals::pairedDifference(both.first, both.second)});
    return losses;
}

} // namespace

Result<NoiseTolerance> noiseTolerance(std::span<const NoisyResult> results, double amount)
{
    if (!(amount > 0)) return badInput("A tolerance needs an accuracy that may be lost, above 0, like 0.02.");
    NoiseTolerance tolerance{.losses = lossesOf(results)};
    const auto& losses = tolerance.losses;
    if (losses.empty())
        return badInput("A tolerance needs runs of one seed at noise rate 0 and at a rate above it; add the one that "
                        "is missing to the sweep.");
    Line mean;
    Line upper;
    Line lower;
    for (const NoiseLoss& at : losses) {
        for (Line* line : {&mean, &upper, &lower})
            line->x.push_back(at.rate);
        mean.y.push_back(at.loss.value);
        upper.y.push_back(at.loss.high);
        lower.y.push_back(std::max(lower.y.back(), at.loss.low));
        tolerance.seeds = std::max(tolerance.seeds, static_cast<std::size_t>(at.loss.n));
    }
    for (std::size_t i = upper.y.size() - 1; i-- > 0;)
        upper.y[i] = std::min(upper.y[i], upper.y[i + 1]);
    const signals::IsotonicFit fit = signals::fitIsotonic(mean.x, mean.y);
    for (std::size_t i = 0; i < mean.x.size(); ++i)
        mean.y[i] = fit.at(mean.x[i]);
    const double most = losses.back().rate;
    const auto reach = firstReach(mean, amount);
    const auto last = firstReach(lower, amount);
    tolerance.reached = reach.has_value();
    tolerance.bounded = last.has_value();
    tolerance.rate = reach.value_or(most);
    // The monotone mean may leave the band of the single intervals by a little; the estimate stays inside its own.
    tolerance.low = std::min(firstReach(upper, amount).value_or(most), tolerance.rate);
    tolerance.high = std::max(last.value_or(most), tolerance.rate);
    if (tolerance.seeds == 1) tolerance.low = tolerance.high = tolerance.rate;
    return tolerance;
}

double toleranceAt(const std::vector<std::pair<double, double>>& measured, double capacity)
{
    std::vector<double> x;
    std::vector<double> falling;
    for (const auto& [at, tolerance] : measured) {
        x.push_back(at);
        falling.push_back(-tolerance);
    }
    const signals::IsotonicFit fit = signals::fitIsotonic(x, falling);
    const auto above = std::lower_bound(x.begin(), x.end(), capacity);
    if (above == x.begin()) return -fit.at(x.front());
    if (above == x.end()) return -fit.at(x.back());
    const double before = *(above - 1);
    const double share = (capacity - before) / (*above - before);
    return -(fit.at(before) + share * (fit.at(*above) - fit.at(before)));
}

} // namespace gradus::controller
