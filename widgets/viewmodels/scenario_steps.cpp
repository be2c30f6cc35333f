// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/scenario_steps.h"

#include "base/hash.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace gradus::viewmodels {

namespace {

/// Wilson's score interval at 95 %, as in evals, which the window does not see.
Estimate shareOf(long long hits, long long n)
{
    constexpr double z = 1.959963984540054;
    const auto count = static_cast<double>(n);
    const double p = static_cast<double>(hits) / count;
    const double middle = (p + z * z / (2 * count)) / (1 + z * z / count);
    const double half = z / (1 + z * z / count) * std::sqrt(p * (1 - p) / count + z * z / (4 * count * count));
    return {.value = p, .low = std::max(0.0, middle - half), .high = std::min(1.0, middle + half), .n = n};
}

std::uint64_t drawn(const EpisodePair& pair)
{
    return splitHash(std::to_string(pair.left) + "/" + std::to_string(pair.right), 0);
}

} // namespace

std::vector<std::int64_t> overGenerations(const std::vector<store::EpisodeRow>& rows, std::int64_t episode)
{
    const auto own = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.id == episode; });
    if (own == rows.end()) return {};
    std::map<int, std::int64_t> first{{own->generation, own->id}};
    for (const store::EpisodeRow& row : rows)
        if (row.scenario == own->scenario) first.emplace(row.generation, row.id);
    std::vector<std::int64_t> episodes;
    for (const auto& [generation, id] : first)
        episodes.push_back(id);
    return episodes;
}

std::optional<EpisodePair> nextPair(const std::vector<store::EpisodeRow>& rows,
                                    const std::vector<store::PreferenceRow>& preferences, const std::string& person)
{
    std::map<std::string, std::map<int, std::int64_t>> first; // by scenario and generation
    for (const store::EpisodeRow& row : rows)
        first[row.scenario].emplace(row.generation, row.id);
    std::vector<EpisodePair> pairs;
    for (const auto& [scenario, generations] : first)
        for (auto it = generations.begin(); it != generations.end() && std::next(it) != generations.end(); ++it) {
            const auto [low, high] = std::minmax(it->second, std::next(it)->second);
            pairs.push_back({low, high});
        }
    std::sort(pairs.begin(), pairs.end(),
              [](const EpisodePair& a, const EpisodePair& b) { return drawn(a) < drawn(b); });
    const auto isJudged = [&](const EpisodePair& pair, bool swapped) {
        return std::any_of(preferences.begin(), preferences.end(), [&](const store::PreferenceRow& row) {
            return row.person == person && row.first == pair.left && row.second == pair.right && row.swapped == swapped;
        });
    };
    for (const bool isSecond : {false, true})
        for (const EpisodePair& pair : pairs) {
            const bool swapped = ((drawn(pair) >> 7U) & 1U) != 0; // which side comes first is drawn, too
            if (!isSecond && (isJudged(pair, false) || isJudged(pair, true))) continue;
            const bool now = isSecond ? isJudged(pair, false) : swapped;
            if (isJudged(pair, now)) continue;
            return now ? EpisodePair{pair.right, pair.left} : pair;
        }
    return std::nullopt;
}

std::vector<GenerationRate> hazardRates(const std::vector<store::EpisodeRow>& rows)
{
    std::map<int, std::pair<long long, long long>> counts;
    for (const store::EpisodeRow& row : rows) {
        if (row.verdict.empty()) continue;
        auto& [hits, n] = counts[row.generation];
        ++n;
        hits += row.verdict == "hazard" || row.verdict == "wrong" ? 1 : 0;
    }
    std::vector<GenerationRate> rates;
    for (const auto& [generation, count] : counts)
        rates.push_back({generation, shareOf(count.first, count.second)});
    return rates;
}

} // namespace gradus::viewmodels
