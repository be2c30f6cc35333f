// SPDX-License-Identifier: GPL-3.0-or-later
// Intervals of figures whose observations come in groups, such as the models of one seed: what is known about the
// spread is known between groups. Pure functions.
#pragma once

#include "base/interval.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace gradus::evals {

/// Members that belong together by themselves (the weights of one ladder), and the seed they were made with.
struct Bundle
{
    std::int64_t seed = 0;
    std::vector<std::size_t> members; ///< indices, shared between bundles where they are the same thing
};

/// The group of each bundle, numbered from 0 in order of appearance: bundles of one seed, or that share a member, are
/// in one group, and so are those that are joined through others.
std::vector<int> groupsOf(std::span<const Bundle> bundles);

/// How many different groups there are.
long long countGroups(std::span<const int> groups);

/// Of the observations that `used` marks; none where they have no value.
using GroupStatistic = std::function<std::optional<double>(const std::vector<bool>& used)>;

/// The statistic of all observations with a 95 % t interval from leaving out one group at a time (delete-a-group
/// jackknife; Student's t with one degree less than there are groups), n: the groups. One group knows nothing of the
/// spread: low = high = value and n = 1, as in meanWithInterval. None where the statistic has no value for all of them
/// or without one of the groups.
std::optional<Estimate> overGroups(std::span<const int> groups, const GroupStatistic& statistic);

/// The share of observations that are marked, n: the groups. Wilson's 95 % interval for as many independent
/// observations as the jackknife's spread between groups is worth, at least the groups and at most the observations
/// (the groups where there is no spread to go by, as at 0 and 1). hits: as long as groups, not empty.
Estimate shareOverGroups(std::span<const int> groups, const std::vector<bool>& hits);

/// The mean over groups of each group's own mean, 95 % t interval, n: the groups. Equal lengths, not empty.
Estimate meanOverGroups(std::span<const int> groups, std::span<const double> values);

} // namespace gradus::evals
