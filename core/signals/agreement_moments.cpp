// SPDX-License-Identifier: GPL-3.0-or-later
// The label-free estimate of noise from second moments of agreement, declared in noise_estimates.h.
#include "signals/noise_estimates.h"

#include "base/rng.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus::signals {

namespace {

/// Sums of l_i l_j over shared items and their numbers, m x m.
struct Moments
{
    std::vector<double> sum;
    std::vector<double> shared;
};

Moments momentsOver(const VoteTable& table, const std::vector<std::size_t>& items)
{
    const std::size_t m = table.sources.size();
    Moments moments{std::vector<double>(m * m, 0.0), std::vector<double>(m * m, 0.0)};
    for (std::size_t a = 0; a < m; ++a)
        for (std::size_t b = a + 1; b < m; ++b) {
            const std::vector<int>& first = table.sources[a].labels;
            const std::vector<int>& second = table.sources[b].labels;
            double sum = 0;
            double shared = 0;
            for (const std::size_t i : items) {
                if (first[i] == kAbstain || second[i] == kAbstain) continue;
                sum += first[i] == second[i] ? 1 : -1;
                shared += 1;
            }
            moments.sum[a * m + b] = moments.sum[b * m + a] = sum;
            moments.shared[a * m + b] = moments.shared[b * m + a] = shared;
        }
    return moments;
}

/// Noise of source i, or none when no pair of others agrees beyond chance clearly enough to divide by.
std::optional<double> noiseOf(const Moments& moments, std::size_t i, std::size_t m)
{
    const auto mean = [&](std::size_t a, std::size_t b) { return moments.sum[a * m + b] / moments.shared[a * m + b]; };
    std::vector<double> skills;
    for (std::size_t j = 0; j < m; ++j)
        for (std::size_t k = j + 1; k < m; ++k) {
            if (j == i || k == i) continue;
            const double shared = moments.shared[j * m + k];
            if (shared == 0 || moments.shared[i * m + j] == 0 || moments.shared[i * m + k] == 0) continue;
            // Within two standard errors of 0 the quotient is noise.
            if (std::abs(mean(j, k)) < 2 / std::sqrt(shared)) continue;
            skills.push_back(std::sqrt(std::abs(mean(i, j) * mean(i, k) / mean(j, k))));
        }
    if (skills.empty()) return std::nullopt;
    std::sort(skills.begin(), skills.end());
    const std::size_t half = skills.size() / 2;
    const double skill = skills.size() % 2 == 1 ? skills[half] : (skills[half - 1] + skills[half]) / 2;
    return (1 - std::min(1.0, skill)) / 2;
}

NoiseEstimate summarise(std::optional<double> value, std::vector<double> bootstrap, long long n)
{
    NoiseEstimate estimate;
    estimate.method = "agreement";
    estimate.n = n;
    if (!value || bootstrap.empty()) {
        estimate.refusal = "The other sources agree no more than chance would, so agreement says nothing of this one: "
                           "use anchors.";
        return estimate;
    }
    std::sort(bootstrap.begin(), bootstrap.end());
    const auto at = [&](double q) {
        return bootstrap[static_cast<std::size_t>(q * static_cast<double>(bootstrap.size() - 1) + 0.5)];
    };
    estimate.estimate = *value;
    estimate.lower = std::min(*value, at(0.05));
    estimate.upper = std::max(*value, at(0.95));
    return estimate;
}

std::vector<NoiseEstimate> refuseAll(std::size_t m, const std::string& sentence)
{
    NoiseEstimate estimate;
    estimate.method = "agreement";
    estimate.refusal = sentence;
    return std::vector<NoiseEstimate>(m, estimate);
}

} // namespace

std::vector<NoiseEstimate> agreementNoise(const VoteTable& table, std::uint64_t seed, int draws)
{
    const std::size_t m = table.sources.size();
    if (table.classes != 2)
        return refuseAll(m, "Agreement moments are for two classes, the table has " + std::to_string(table.classes) +
                                ": use Dawid-Skene or anchors.");
    if (m < 3)
        return refuseAll(m, "Agreement moments need at least three sources, the table has " + std::to_string(m) +
                                ": add an independent source, or use anchors.");
    std::vector<std::size_t> items(table.items);
    std::iota(items.begin(), items.end(), 0);
    const Moments moments = momentsOver(table, items);
    std::vector<std::vector<double>> bootstrap(m);
    Rng rng(seed, "bootstrap/agreement");
    for (int draw = 0; draw < draws; ++draw) {
        for (std::size_t& item : items)
            item = rng.below(table.items);
        const Moments drawn = momentsOver(table, items);
        for (std::size_t j = 0; j < m; ++j)
            if (const auto noise = noiseOf(drawn, j, m)) bootstrap[j].push_back(*noise);
    }
    std::vector<NoiseEstimate> estimates;
    for (std::size_t j = 0; j < m; ++j)
        estimates.push_back(
            summarise(noiseOf(moments, j, m), std::move(bootstrap[j]), static_cast<long long>(table.items)));
    return estimates;
}

} // namespace gradus::signals
