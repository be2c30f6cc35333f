// SPDX-License-Identifier: GPL-3.0-or-later
#include "evals/discovery.h"

#include "evals/statistics.h"

#include <boost/math/distributions/beta.hpp>

#include <algorithm>
#include <cmath>

namespace gradus::evals {

bool settled(const Coverage& coverage, double below)
{
    return coverage.draws >= kFewestDraws && coverage.newRateUpper < below;
}

Coverage coverageOf(std::span<const int> counts, long long draws)
{
    Coverage coverage{.draws = draws};
    for (const int count : counts) {
        coverage.kinds += count > 0 ? 1 : 0;
        coverage.once += count == 1 ? 1 : 0;
        coverage.twice += count == 2 ? 1 : 0;
    }
    const auto once = static_cast<double>(coverage.once);
    if (draws > 0) coverage.newRate = once / static_cast<double>(draws);
    coverage.newRateUpper = proportionUpper(coverage.once, draws);
    coverage.chao1 =
        static_cast<double>(coverage.kinds) + once * (once - 1) / (2 * (static_cast<double>(coverage.twice) + 1));
    return coverage;
}

std::size_t RedTeam::choose(Rng& rng) const
{
    std::size_t best = 0;
    double bestWorth = -1;
    for (std::size_t i = 0; i < m_arms.size(); ++i) {
        const Arm& arm = m_arms[i];
        const double u = std::clamp(rng.uniform(), 1e-12, 1 - 1e-12);
        const double rate =
            boost::math::quantile(boost::math::beta_distribution<double>(1 + arm.found, 1 + arm.missed), u);
        const double worth = rate * std::pow(1.0 + arm.found, -0.25);
        if (worth > bestWorth) {
            bestWorth = worth;
            best = i;
        }
    }
    return best;
}

void RedTeam::tell(std::size_t arm, bool found)
{
    (found ? m_arms[arm].found : m_arms[arm].missed) += 1;
}

std::vector<int> RedTeam::found() const
{
    std::vector<int> counts;
    for (const Arm& arm : m_arms)
        counts.push_back(arm.found);
    return counts;
}

} // namespace gradus::evals
