// SPDX-License-Identifier: GPL-3.0-or-later
// Thompson sampling of the gap: a Bayesian linear model of the gain, a draw of its weights, the best arm under the
// draw.
#include "base/rng.h"
#include "controller/placing.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <nlohmann/json.hpp>

namespace gradus::controller {

namespace {

constexpr int kFeatures = 5;
using Features = Eigen::Matrix<double, kFeatures, 1>;
using Precision = Eigen::Matrix<double, kFeatures, kFeatures>;

/// (1, delta, delta^2, eta, eta delta).
Features featuresOf(double delta, double noise)
{
    Features x;
    x << 1, delta, delta * delta, noise, noise * delta;
    return x;
}

/// Arms up to twice the largest gap that was taken and kept are held for safe; the first is the file's own. A rejected
/// attempt still tells what its gap gained, but makes no gap safe, and nobody is taught by it.
class BanditGap final : public GapController
{
public:
    explicit BanditGap(const spec::Gap& gap) : m_gap(gap) {}

    Decision nextGap(const GapState& state) const override
    {
        constexpr double kPriorDeviation = 0.1; // of a weight: gains of a generation are of this size
        Precision precision = Precision::Identity() / (kPriorDeviation * kPriorDeviation);
        Features weighted = Features::Zero();
        double safe = m_gap.value;
        int seen = 0;
        double noise = 0; // of the labels that the next generation would be taught: 0 before there are any
        for (const Attempt& attempt : state.history) {
            if (attempt.gain && attempt.gap) {
                const Features x = featuresOf(*attempt.gap, noise);
                const double deviation = std::max(0.005, (attempt.gain->high - attempt.gain->low) / (2 * 1.96));
                precision += x * x.transpose() / (deviation * deviation);
                weighted += x * attempt.gain->value / (deviation * deviation);
                if (attempt.accepted && attempt.gain->value >= 0) safe = std::max(safe, 2 * *attempt.gap);
                ++seen;
            }
            if (attempt.accepted) noise = attempt.noise.value_or(1 - attempt.utility.value);
        }
        nlohmann::ordered_json terms{{"observed_gains", seen}, {"safe_up_to", safe}, {"noise", noise}};
        if (seen == 0) return place(state, m_gap.value, "bandit", "to begin with", terms);
        const double wanted = sampled(state, precision, weighted, safe, noise, terms);
        return place(state, wanted, "bandit",
                     "the best of a draw from what " + std::to_string(seen) + (seen == 1 ? " gain" : " gains") +
                         " taught, safe up to " + twoDigits(safe),
                     terms);
    }

private:
    /// The best arm under a draw of the weights. terms gains what the choice can be made again from: the draw, its
    /// mean, and of every arm the gain that the draw promises and whether it may be taken.
    static double sampled(const GapState& state, const Precision& precision, const Features& weighted, double safe,
                          double noise, nlohmann::ordered_json& terms)
    {
        const Eigen::LLT<Precision> factor(precision);
        Rng rng(state.seed, "bandit/" + std::to_string(state.history.size()));
        Features standard;
        for (int i = 0; i < kFeatures; ++i)
            standard[i] = rng.normal();
        const Features mean = factor.solve(weighted);
        const Features deviation = factor.matrixU().solve(standard);
        const Features drawn = mean + deviation;
        double best = gapBounds(state).first; // the smallest step there is, safe or not
        double bestGain = drawn.dot(featuresOf(best, noise));
        const int end = lowestRolledBack(state).value_or(static_cast<int>(state.capacities.size()));
        terms["weights_of"] = {"1", "delta", "delta^2", "noise", "noise delta"};
        terms["weights"] = std::vector<double>(drawn.begin(), drawn.end());
        terms["weights_mean"] = std::vector<double>(mean.begin(), mean.end());
        terms["arms"] = nlohmann::ordered_json::array();
        for (int rung = state.rung + 1; rung < end; ++rung) {
            const double delta = gapTo(state, rung);
            const double gain = drawn.dot(featuresOf(delta, noise));
            terms["arms"].push_back({{"rung", rung}, {"delta", delta}, {"gain", gain}, {"safe", delta <= safe}});
            if (delta > safe || gain <= bestGain) continue;
            best = delta;
            bestGain = gain;
        }
        return best;
    }

    spec::Gap m_gap;
};

} // namespace

std::unique_ptr<GapController> makeBandit(const spec::Gap& gap)
{
    return std::make_unique<BanditGap>(gap);
}

} // namespace gradus::controller
