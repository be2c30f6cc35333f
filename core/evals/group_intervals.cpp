// SPDX-License-Identifier: GPL-3.0-or-later
#include "evals/group_intervals.h"

#include "evals/metrics.h"
#include "evals/statistics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace gradus::evals {

namespace {

struct Jackknife
{
    double value = 0;
    double variance = 0; ///< of the value; 0 with one group
    long long groups = 0;
};

std::optional<Jackknife> jackknife(std::span<const int> groups, const GroupStatistic& statistic)
{
    std::vector<bool> used(groups.size(), true);
    const auto whole = statistic(used);
    if (!whole) return std::nullopt;
    const std::set<int> different(groups.begin(), groups.end());
    Jackknife made{.value = *whole, .variance = 0, .groups = static_cast<long long>(different.size())};
    if (made.groups < 2) return made;
    std::vector<double> without;
    for (const int group : different) {
        for (std::size_t i = 0; i < groups.size(); ++i)
            used[i] = groups[i] != group;
        const auto value = statistic(used);
        if (!value) return std::nullopt;
        without.push_back(*value);
    }
    const auto count = static_cast<double>(made.groups);
    const double mean = std::accumulate(without.begin(), without.end(), 0.0) / count;
    for (const double value : without)
        made.variance += (value - mean) * (value - mean);
    made.variance *= (count - 1) / count;
    return made;
}

double shareOf(const std::vector<bool>& hits, const std::vector<bool>& used)
{
    double sum = 0;
    double of = 0;
    for (std::size_t i = 0; i < hits.size(); ++i) {
        sum += used[i] && hits[i] ? 1 : 0;
        of += used[i] ? 1 : 0;
    }
    return sum / of;
}

} // namespace

std::vector<int> groupsOf(std::span<const Bundle> bundles)
{
    std::vector<std::size_t> parent(bundles.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t bundle) {
        while (parent[bundle] != bundle)
            bundle = parent[bundle];
        return bundle;
    };
    std::map<std::int64_t, std::size_t> seeds;
    std::map<std::size_t, std::size_t> members;
    for (std::size_t b = 0; b < bundles.size(); ++b) {
        parent[root(b)] = root(seeds.emplace(bundles[b].seed, b).first->second);
        for (const std::size_t member : bundles[b].members)
            parent[root(b)] = root(members.emplace(member, b).first->second);
    }
    std::map<std::size_t, int> numbers;
    std::vector<int> groups;
    for (std::size_t b = 0; b < bundles.size(); ++b)
        groups.push_back(numbers.emplace(root(b), static_cast<int>(numbers.size())).first->second);
    return groups;
}

long long countGroups(std::span<const int> groups)
{
    return static_cast<long long>(std::set<int>(groups.begin(), groups.end()).size());
}

std::optional<Estimate> overGroups(std::span<const int> groups, const GroupStatistic& statistic)
{
    const auto made = jackknife(groups, statistic);
    if (!made) return std::nullopt;
    if (made->groups < 2) return Estimate{made->value, made->value, made->value, made->groups};
    const double half = studentQuantile(0.975, static_cast<double>(made->groups - 1)) * std::sqrt(made->variance);
    return Estimate{made->value, made->value - half, made->value + half, made->groups};
}

Estimate shareOverGroups(std::span<const int> groups, const std::vector<bool>& hits)
{
    const auto made =
        jackknife(groups, [&](const std::vector<bool>& used) -> std::optional<double> { return shareOf(hits, used); });
    const double p = made->value;
    if (made->groups < 2) return Estimate{p, p, p, made->groups}; // one observation has no interval
    const auto least = static_cast<double>(made->groups);
    const double worth = made->variance > 0
                             ? std::clamp(p * (1 - p) / made->variance, least, static_cast<double>(groups.size()))
                             : least;
    Estimate share = wilson(p, worth);
    share.n = made->groups;
    return share;
}

Estimate meanOverGroups(std::span<const int> groups, std::span<const double> values)
{
    std::map<int, std::pair<double, double>> sums;
    for (std::size_t i = 0; i < values.size(); ++i) {
        sums[groups[i]].first += values[i];
        sums[groups[i]].second += 1;
    }
    std::vector<double> means;
    for (const auto& [group, sum] : sums)
        means.push_back(sum.first / sum.second);
    return meanWithInterval(means);
}

} // namespace gradus::evals
