// SPDX-License-Identifier: GPL-3.0-or-later
// The binomial law comes from Boost.Math; everything else is counting and ranks.
#include "evals/paired_tests.h"

#include "base/rng.h"
#include "evals/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <boost/math/distributions/binomial.hpp>

namespace gradus::evals {

namespace {

bool allFinite(std::span<const double> values)
{
    return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

bool anyNan(std::span<const double> values)
{
    return std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); });
}

double meanOf(std::span<const double> values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<std::size_t> orderBy(std::span<const double> values)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    return order;
}

/// 1-based ranks; equal values share the mean of their places.
std::vector<double> midranks(std::span<const double> values)
{
    const std::vector<std::size_t> order = orderBy(values);
    std::vector<double> ranks(values.size());
    for (std::size_t from = 0; from < order.size();) {
        std::size_t to = from;
        while (to < order.size() && values[order[to]] == values[order[from]])
            ++to;
        for (std::size_t i = from; i < to; ++i)
            ranks[order[i]] = (static_cast<double>(from + to) + 1) / 2;
        from = to;
    }
    return ranks;
}

/// Hanley and McNeil's variance of an AUROC of theta, with both counts replaced by their mean in the numerator.
double aurocVariance(double theta, double positives, double negatives)
{
    const double larger = (positives + negatives) / 2 - 1;
    return theta * (1 - theta) * (1 + larger * ((1 - theta) / (2 - theta) + theta / (1 + theta))) /
           (positives * negatives);
}

/// The bound on one side of theta: where |theta - bound| = z SE(bound), by bisection between theta and the far end.
double aurocBound(double theta, double farEnd, double positives, double negatives)
{
    const double z = normalQuantile(0.975);
    double inside = theta;
    double outside = farEnd;
    for (int i = 0; i < 60; ++i) {
        const double middle = (inside + outside) / 2;
        const bool within = std::abs(theta - middle) <= z * std::sqrt(aurocVariance(middle, positives, negatives));
        (within ? inside : outside) = middle;
    }
    return inside;
}

/// Number of positives, or none when the lists cannot be scored.
std::optional<long long> usablePositives(std::span<const double> scores, std::span<const int> positive)
{
    if (scores.size() != positive.size() || anyNan(scores)) return std::nullopt;
    const auto count = std::count_if(positive.begin(), positive.end(), [](int yes) { return yes != 0; });
    if (count == 0 || static_cast<std::size_t>(count) == positive.size()) return std::nullopt;
    return count;
}

} // namespace

Estimate pairedProportions(long long onlyFirst, long long onlySecond, long long n)
{
    if (n <= 0) return {0, -1, 1, 0};
    const auto count = static_cast<double>(n);
    const double value = static_cast<double>(onlyFirst - onlySecond) / count;
    const double p = (static_cast<double>(onlyFirst) + 1) / (count + 2);
    const double q = (static_cast<double>(onlySecond) + 1) / (count + 2);
    const double half = normalQuantile(0.975) * std::sqrt((p + q - (p - q) * (p - q)) / (count + 2));
    return {value, std::min(value, std::max(-1.0, p - q - half)), std::max(value, std::min(1.0, p - q + half)), n};
}

Mcnemar mcnemar(long long onlyFirst, long long onlySecond, long long n)
{
    Mcnemar test{onlyFirst, onlySecond, 1, 1, pairedProportions(onlyFirst, onlySecond, n)};
    const long long discordant = onlyFirst + onlySecond;
    if (discordant <= 0) return test;
    const boost::math::binomial law(static_cast<double>(discordant), 0.5);
    const auto fewer = static_cast<double>(std::min(onlyFirst, onlySecond));
    const double tail = boost::math::cdf(law, fewer);
    test.exact = std::min(1.0, 2 * tail);
    test.midP = std::min(1.0, 2 * tail - boost::math::pdf(law, fewer));
    return test;
}

std::optional<Mcnemar> mcnemar(std::span<const int> first, std::span<const int> second)
{
    if (first.empty() || first.size() != second.size()) return std::nullopt;
    long long onlyFirst = 0;
    long long onlySecond = 0;
    for (std::size_t i = 0; i < first.size(); ++i) {
        onlyFirst += first[i] != 0 && second[i] == 0 ? 1 : 0;
        onlySecond += first[i] == 0 && second[i] != 0 ? 1 : 0;
    }
    return mcnemar(onlyFirst, onlySecond, static_cast<long long>(first.size()));
}

std::optional<Estimate> pairedBootstrap(std::span<const double> before, std::span<const double> now,
                                        const std::function<double(double, double)>& statistic, std::uint64_t seed,
                                        int draws)
{
    const std::size_t n = before.size();
    if (n == 0 || now.size() != n || draws < 1 || !allFinite(before) || !allFinite(now)) return std::nullopt;
    const double value = statistic(meanOf(before), meanOf(now));
    if (!std::isfinite(value)) return std::nullopt;
    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(draws));
    Rng rng(seed, "bootstrap/paired");
    for (int draw = 0; draw < draws; ++draw) {
        double sumBefore = 0;
        double sumNow = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const std::size_t unit = rng.below(n);
            sumBefore += before[unit];
            sumNow += now[unit];
        }
        const double drawn = statistic(sumBefore / static_cast<double>(n), sumNow / static_cast<double>(n));
        if (std::isfinite(drawn)) values.push_back(drawn);
    }
    if (values.size() * 2 < static_cast<std::size_t>(draws)) return std::nullopt;
    std::sort(values.begin(), values.end());
    const auto at = [&](double q) {
        return values[static_cast<std::size_t>(std::lround(q * static_cast<double>(values.size() - 1)))];
    };
    return Estimate{value, std::min(value, at(0.025)), std::max(value, at(0.975)), static_cast<long long>(n)};
}

std::optional<Estimate> relativeChange(std::span<const double> before, std::span<const double> now, std::uint64_t seed,
                                       int draws)
{
    const auto change = [](double old, double fresh) {
        return old > 0 ? fresh / old - 1 : std::numeric_limits<double>::quiet_NaN();
    };
    return pairedBootstrap(before, now, change, seed, draws);
}

std::vector<RocPoint> rocPoints(std::span<const double> scores, std::span<const int> positive)
{
    const auto positives = usablePositives(scores, positive);
    if (!positives) return {};
    const auto yes = static_cast<double>(*positives);
    const double no = static_cast<double>(scores.size()) - yes;
    std::vector<std::size_t> order = orderBy(scores);
    std::reverse(order.begin(), order.end());
    std::vector<RocPoint> points{{std::numeric_limits<double>::infinity(), 0, 0}};
    double truePositives = 0;
    double falsePositives = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        (positive[order[i]] != 0 ? truePositives : falsePositives) += 1;
        const bool lastOfItsScore = i + 1 == order.size() || scores[order[i + 1]] != scores[order[i]];
        if (lastOfItsScore) points.push_back({scores[order[i]], falsePositives / no, truePositives / yes});
    }
    return points;
}

std::optional<Estimate> auroc(std::span<const double> scores, std::span<const int> positive)
{
    const auto positives = usablePositives(scores, positive);
    if (!positives) return std::nullopt;
    const std::vector<double> ranks = midranks(scores);
    double rankSum = 0;
    for (std::size_t i = 0; i < ranks.size(); ++i)
        if (positive[i] != 0) rankSum += ranks[i];
    const auto yes = static_cast<double>(*positives);
    const double no = static_cast<double>(scores.size()) - yes;
    const double value = std::clamp((rankSum - yes * (yes + 1) / 2) / (yes * no), 0.0, 1.0);
    return Estimate{value, aurocBound(value, 0, yes, no), aurocBound(value, 1, yes, no),
                    static_cast<long long>(scores.size())};
}

std::optional<Estimate> spearman(std::span<const double> a, std::span<const double> b)
{
    if (a.size() < 2 || a.size() != b.size() || anyNan(a) || anyNan(b)) return std::nullopt;
    const std::vector<double> x = midranks(a);
    const std::vector<double> y = midranks(b);
    const double middle = (static_cast<double>(a.size()) + 1) / 2;
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xy += (x[i] - middle) * (y[i] - middle);
        xx += (x[i] - middle) * (x[i] - middle);
        yy += (y[i] - middle) * (y[i] - middle);
    }
    if (xx == 0 || yy == 0) return std::nullopt;
    const double r = std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
    const auto n = static_cast<double>(a.size());
    const auto count = static_cast<long long>(a.size());
    if (n <= 3) return Estimate{r, -1, 1, count};
    if (std::abs(r) == 1) return Estimate{r, r, r, count};
    const double half = normalQuantile(0.975) * std::sqrt((1 + r * r / 2) / (n - 3));
    return Estimate{r, std::tanh(std::atanh(r) - half), std::tanh(std::atanh(r) + half), count};
}

} // namespace gradus::evals
