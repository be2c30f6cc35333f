// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/rater_agreement.h"

#include "evals/metrics.h"
#include "evals/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>

namespace gradus::signals {

namespace {

/// value of a correlation with its standard error, on Fisher's z scale; always holds the value.
Estimate onFisherScale(double r, double error, long long n)
{
    const double centre = std::clamp(r, -1 + 1e-9, 1 - 1e-9);
    const double half = evals::normalQuantile(0.975) * error / (1 - centre * centre);
    const double z = std::atanh(centre);
    return {r, std::min(r, std::tanh(z - half)), std::max(r, std::tanh(z + half)), n};
}

/// Mean square of the influence function of Pearson's r of {0, 1}: z_x z_y - r / 2 (z_x^2 + z_y^2).
double influenceSquared(const std::array<double, 4>& cells, double& r)
{
    const auto& [both, first, second, none] = cells;
    const double n = both + first + second + none;
    const double p = (both + first) / n;
    const double q = (both + second) / n;
    r = (both / n - p * q) / std::sqrt(p * (1 - p) * q * (1 - q));
    const std::array<std::array<double, 2>, 4> values{{{1, 1}, {1, 0}, {0, 1}, {0, 0}}};
    double sum = 0;
    for (std::size_t cell = 0; cell < 4; ++cell) {
        const double x = (values[cell][0] - p) / std::sqrt(p * (1 - p));
        const double y = (values[cell][1] - q) / std::sqrt(q * (1 - q));
        const double influence = x * y - r / 2 * (x * x + y * y);
        sum += cells[cell] / n * influence * influence;
    }
    return sum;
}

/// Answers to one item, class by class.
using Counts = std::map<int, double>;

Counts countsOf(const VoteTable& table, std::size_t item)
{
    Counts counts;
    for (const SourceVotes& source : table.sources)
        if (source.labels[item] != kAbstain) counts[source.labels[item]] += 1;
    return counts;
}

double answersIn(const Counts& counts)
{
    double sum = 0;
    for (const auto& [label, count] : counts)
        sum += count;
    return sum;
}

/// Items and what they sum up to, so that leaving one out costs only its own answers.
struct Sums
{
    double items = 0;
    double answers = 0;
    double disagreeing = 0; ///< sum over items of sum_k c_k (l - c_k) / (l - 1)
    double squares = 0;     ///< sum over classes of their total squared
    std::map<int, double> totals = {};

    void add(const Counts& counts) { change(counts, 1); }
    Sums without(const Counts& counts) const
    {
        Sums left{items, answers, disagreeing, squares, {}};
        left.change(counts, -1, &totals);
        return left;
    }

private:
    /// against: the totals to compare with where they are not kept up to date.
    void change(const Counts& counts, double sign, const std::map<int, double>* against = nullptr)
    {
        const double size = answersIn(counts);
        items += sign;
        answers += sign * size;
        for (const auto& [label, count] : counts) {
            disagreeing += sign * count * (size - count) / (size - 1);
            const double before = against != nullptr ? against->at(label) : totals[label];
            squares += (before + sign * count) * (before + sign * count) - before * before;
            if (against == nullptr) totals[label] = before + sign * count;
        }
    }
};

double alphaOf(const Sums& sums)
{
    return 1 - (sums.answers - 1) * sums.disagreeing / (sums.answers * sums.answers - sums.squares);
}

/// For a fixed number of raters the observed disagreement is the mean of the items', and chance's is that of the
/// shares.
double fleissOf(const Sums& sums)
{
    const double expected = 1 - sums.squares / (sums.answers * sums.answers);
    return 1 - sums.disagreeing / sums.answers / expected;
}

std::optional<Estimate> jackknife(const std::vector<Counts>& items, const std::function<double(const Sums&)>& statistic)
{
    if (items.size() < 2) return std::nullopt;
    Sums all;
    for (const Counts& counts : items)
        all.add(counts);
    const double value = statistic(all);
    if (!std::isfinite(value)) return std::nullopt;
    std::vector<double> left;
    for (const Counts& counts : items)
        if (const double without = statistic(all.without(counts)); std::isfinite(without)) left.push_back(without);
    if (left.size() < 2) return std::nullopt;
    double mean = 0;
    for (const double one : left)
        mean += one / static_cast<double>(left.size());
    double squares = 0;
    for (const double one : left)
        squares += (one - mean) * (one - mean);
    const auto n = static_cast<double>(left.size());
    const double half = evals::studentQuantile(0.975, n - 1) * std::sqrt((n - 1) / n * squares);
    return Estimate{value, value - half, std::min(1.0, value + half), static_cast<long long>(items.size())};
}

std::vector<Counts> itemsWith(const VoteTable& table, double leastAnswers)
{
    std::vector<Counts> items;
    for (std::size_t item = 0; item < table.items; ++item)
        if (Counts counts = countsOf(table, item); answersIn(counts) >= leastAnswers)
            items.push_back(std::move(counts));
    return items;
}

} // namespace

std::optional<Estimate> errorPhiEstimate(std::span<const int> a, std::span<const int> b, std::span<const int> truth)
{
    const auto phi = errorPhi(a, b, truth);
    if (!phi) return std::nullopt;
    std::array<double, 4> cells{};
    for (std::size_t i = 0; i < truth.size(); ++i)
        if (a[i] != kAbstain && b[i] != kAbstain)
            cells[a[i] != truth[i] ? (b[i] != truth[i] ? 0 : 1) : (b[i] != truth[i] ? 2 : 3)] += 1;
    if (std::ranges::find(cells, 0.0) != cells.end())
        for (double& cell : cells)
            cell += 0.5;
    double centre = 0;
    const double variance = influenceSquared(cells, centre) / static_cast<double>(phi->n);
    Estimate estimate = onFisherScale(centre, std::sqrt(variance), phi->n);
    estimate.value = phi->phi;
    estimate.low = std::min(estimate.low, phi->phi);
    estimate.high = std::max(estimate.high, phi->phi);
    return estimate;
}

std::optional<Estimate> sameWrongAnswer(std::span<const int> a, std::span<const int> b, std::span<const int> truth)
{
    long long same = 0;
    long long wrong = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (a[i] == kAbstain || b[i] == kAbstain || a[i] == truth[i] || b[i] == truth[i]) continue;
        ++wrong;
        same += a[i] == b[i] ? 1 : 0;
    }
    if (wrong == 0) return std::nullopt;
    return evals::proportion(same, wrong);
}

std::optional<Estimate> pairAgreement(std::span<const int> a, std::span<const int> b)
{
    long long same = 0;
    long long shared = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] == kAbstain || b[i] == kAbstain) continue;
        ++shared;
        same += a[i] == b[i] ? 1 : 0;
    }
    if (shared == 0) return std::nullopt;
    return evals::proportion(same, shared);
}

std::optional<Estimate> krippendorffEstimate(const VoteTable& table)
{
    return jackknife(itemsWith(table, 2), alphaOf);
}

std::optional<Estimate> fleissEstimate(const VoteTable& table)
{
    if (table.sources.size() < 2) return std::nullopt;
    return jackknife(itemsWith(table, static_cast<double>(table.sources.size())), fleissOf);
}

} // namespace gradus::signals
