// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/agreement.h"

#include "signals/votes.h"

#include <algorithm>
#include <cmath>

namespace gradus::signals {

namespace {

/// The two-by-two table of right and wrong.
struct RightWrong
{
    double bothWrong = 0;
    double onlyFirstWrong = 0;
    double onlySecondWrong = 0;
    double bothRight = 0;
    double n() const { return bothWrong + onlyFirstWrong + onlySecondWrong + bothRight; }
    double firstWrong() const { return bothWrong + onlyFirstWrong; }
    double secondWrong() const { return bothWrong + onlySecondWrong; }
};

RightWrong crossed(std::span<const int> a, std::span<const int> b, std::span<const int> truth)
{
    RightWrong cells;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (a[i] == kAbstain || b[i] == kAbstain) continue;
        const bool first = a[i] != truth[i];
        const bool second = b[i] != truth[i];
        (first ? (second ? cells.bothWrong : cells.onlyFirstWrong)
               : (second ? cells.onlySecondWrong : cells.bothRight)) += 1;
    }
    return cells;
}

std::optional<Agreement> beyondChance(double observed, double expected, double n)
{
    if (n == 0 || expected >= 1) return std::nullopt;
    return Agreement{observed, expected, (observed - expected) / (1 - expected), static_cast<long long>(n)};
}

} // namespace

std::optional<ErrorPhi> errorPhi(std::span<const int> a, std::span<const int> b, std::span<const int> truth)
{
    const RightWrong cells = crossed(a, b, truth);
    const double n = cells.n();
    const double p = cells.firstWrong();
    const double q = cells.secondWrong();
    const double spread = p * (n - p) * q * (n - q);
    if (spread <= 0) return std::nullopt;
    const double phi =
        (cells.bothWrong * cells.bothRight - cells.onlyFirstWrong * cells.onlySecondWrong) / std::sqrt(spread);
    // Reached when the rarer errors all lie inside the commoner ones.
    const double rare = std::min(p, q);
    const double common = std::max(p, q);
    const double largest = std::sqrt(rare * (n - common) / (common * (n - rare)));
    return ErrorPhi{phi, largest, phi / largest, static_cast<long long>(n)};
}

std::optional<Agreement> cohenKappa(std::span<const int> a, std::span<const int> b, int classes)
{
    std::vector<double> first(static_cast<std::size_t>(classes), 0.0);
    std::vector<double> second = first;
    double same = 0;
    double n = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] == kAbstain || b[i] == kAbstain) continue;
        first[static_cast<std::size_t>(a[i])] += 1;
        second[static_cast<std::size_t>(b[i])] += 1;
        same += a[i] == b[i] ? 1 : 0;
        n += 1;
    }
    if (n == 0) return std::nullopt;
    double expected = 0;
    for (std::size_t k = 0; k < first.size(); ++k)
        expected += first[k] * second[k] / (n * n);
    return beyondChance(same / n, expected, n);
}

std::optional<Agreement> errorConsistency(std::span<const int> a, std::span<const int> b, std::span<const int> truth)
{
    const RightWrong cells = crossed(a, b, truth);
    const double n = cells.n();
    if (n == 0) return std::nullopt;
    const double p = cells.firstWrong() / n;
    const double q = cells.secondWrong() / n;
    return beyondChance((cells.bothRight + cells.bothWrong) / n, (1 - p) * (1 - q) + p * q, n);
}

std::optional<Agreement> capa(std::span<const float> a, std::span<const float> b, std::span<const int> truth,
                              int classes)
{
    if (truth.empty()) return std::nullopt;
    const auto width = static_cast<std::size_t>(classes);
    const auto n = static_cast<double>(truth.size());
    double observed = 0;
    double first = 0;
    double second = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        for (std::size_t k = 0; k < width; ++k)
            observed += static_cast<double>(a[i * width + k]) * static_cast<double>(b[i * width + k]);
        first += a[i * width + static_cast<std::size_t>(truth[i])];
        second += b[i * width + static_cast<std::size_t>(truth[i])];
    }
    first /= n;
    second /= n;
    return beyondChance(observed / n, first * second + (1 - first) * (1 - second) / (classes - 1), n);
}

std::optional<Agreement> capaOfLabels(std::span<const int> a, std::span<const int> b, std::span<const int> truth,
                                      int classes)
{
    const RightWrong cells = crossed(a, b, truth);
    const double n = cells.n();
    if (n == 0) return std::nullopt;
    double same = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        same += a[i] != kAbstain && a[i] == b[i] ? 1 : 0;
    const double p = cells.firstWrong() / n;
    const double q = cells.secondWrong() / n;
    return beyondChance(same / n, (1 - p) * (1 - q) + p * q / (classes - 1), n);
}

std::optional<Agreement> fleissKappa(std::span<const int> counts, int classes)
{
    const auto width = static_cast<std::size_t>(classes);
    if (width < 2 || counts.size() < width) return std::nullopt;
    const std::size_t items = counts.size() / width;
    double raters = 0;
    for (std::size_t k = 0; k < width; ++k)
        raters += counts[k];
    if (raters < 2) return std::nullopt;
    std::vector<double> shares(width, 0.0);
    double observed = 0;
    for (std::size_t at = 0; at < items * width; ++at) {
        const double count = counts[at];
        shares[at % width] += count / (raters * static_cast<double>(items));
        observed += count * (count - 1) / (raters * (raters - 1) * static_cast<double>(items));
    }
    double expected = 0;
    for (const double share : shares)
        expected += share * share;
    return beyondChance(observed, expected, static_cast<double>(items));
}

std::optional<double> krippendorffAlpha(const std::vector<std::vector<int>>& raters, int classes)
{
    const auto width = static_cast<std::size_t>(classes);
    const std::size_t units = raters.empty() ? 0 : raters.front().size();
    std::vector<double> totals(width, 0.0); // n_c: pairable labels of every class
    double disagreeing = 0;                 // sum of the coincidence matrix off its diagonal
    for (std::size_t u = 0; u < units; ++u) {
        std::vector<double> counts(width, 0.0);
        double labels = 0;
        for (const std::vector<int>& rater : raters)
            if (rater[u] != kAbstain) {
                counts[static_cast<std::size_t>(rater[u])] += 1;
                labels += 1;
            }
        if (labels < 2) continue;
        for (std::size_t k = 0; k < width; ++k) {
            totals[k] += counts[k];
            disagreeing += counts[k] * (labels - counts[k]) / (labels - 1);
        }
    }
    double n = 0;
    double squares = 0;
    for (const double total : totals) {
        n += total;
        squares += total * total;
    }
    const double expected = n * n - squares; // (n - 1) times the expected disagreement
    if (expected <= 0) return std::nullopt;
    return 1 - (n - 1) * disagreeing / expected;
}

} // namespace gradus::signals
