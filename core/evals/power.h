// SPDX-License-Identifier: GPL-3.0-or-later
// What a paired comparison over so many seeds can see: power of the two-sided paired t test. Noncentral t from Boost.
#pragma once

#include <optional>

namespace gradus::evals {

inline constexpr double kUsualPower = 0.8;   ///< share of repeats in which a true difference is to be found
inline constexpr long long kMostSeeds = 999; ///< more is not asked of anybody

/// Probability that the test at this level rejects when the true mean difference is this many standard deviations of
/// the paired differences. n >= 2, 0 < level < 1.
double pairedPower(double differenceInDeviations, long long n, double level);

/// Smallest true mean difference that n pairs find in `power` of the repeats; deviation: of the paired differences.
double detectableDifference(double deviation, long long n, double level, double power = kUsualPower);

/// Fewest pairs that find this difference; none where more than kMostSeeds would be needed (or it is 0).
std::optional<long long> pairsNeeded(double difference, double deviation, double level, double power = kUsualPower);

} // namespace gradus::evals
