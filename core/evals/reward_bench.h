// SPDX-License-Identifier: GPL-3.0-or-later
// The score of RewardBench (Lambert et al., 2024): 23 subsets, four sections, one mean. Pure functions.
#pragma once

#include "base/interval.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::evals {

/// One pair: how right the judge was about it. 1 chosen above rejected, 0 below, 1/2 a tie.
struct RewardBenchRow
{
    std::string subset; ///< "alpacaeval-easy"
    double result = 0;  ///< in [0, 1]
};

/// 1, 0 or 1/2 from two scores. NaN counts as 0: no judgement is not half a right one.
double pairResult(double chosen, double rejected);

struct RewardBenchSubset
{
    std::string_view name;
    std::string_view section;
    int published = 0; ///< rows of the published set
    int weight = 0;    ///< of its mean within the section: the published rows, but 984 for math-prm (447 rows), so that
                       ///< mathematics counts as much as the six programming languages
};

/// The 23 subsets in the order of their sections.
std::span<const RewardBenchSubset> rewardBenchSubsets();
inline constexpr std::array<std::string_view, 4> kRewardBenchSections{"Chat", "Chat Hard", "Safety", "Reasoning"};

struct RewardBenchScore
{
    struct Subset
    {
        const RewardBenchSubset* subset = nullptr;
        std::optional<Estimate> accuracy; ///< Wilson interval; none without a row
        long long ties = 0;
    };
    struct Section
    {
        std::string_view name;
        std::optional<Estimate>
            accuracy; ///< over its subsets that have rows; 95 % normal interval of the weighted mean
    };
    std::vector<Subset> subsets;        ///< all 23
    std::vector<Section> sections;      ///< the four
    std::optional<Estimate> overall;    ///< mean of the four sections; none while one has no row at all
    std::vector<std::string> missing;   ///< subsets without a row
    std::vector<std::string> otherSize; ///< "donotanswer: 100 rows of 136"
    std::vector<std::string> unknown;   ///< names that are no subset of it, left out: untrusted text
    long long rows = 0;                 ///< that count
    long long ties = 0;
};

/// Rows of unknown subsets are left out and named. Within a section weights are the published ones, whatever the number
/// of rows, as its own scorer has it.
RewardBenchScore rewardBenchScore(std::span<const RewardBenchRow> rows);

} // namespace gradus::evals
