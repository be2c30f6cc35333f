// SPDX-License-Identifier: GPL-3.0-or-later
#include "forecast/drivers.h"

#include "base/rng.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include <Eigen/Dense>

namespace gradus::forecast {

namespace {

constexpr std::size_t kLeastGenerations = 8;
constexpr std::size_t kLeastRuns = 3;
constexpr double kNoiseUnit = 0.1;

struct Slopes
{
    Eigen::Vector4d theta; ///< level, capacity, gap, noise
    double explained = 0;
};

/// None where a column goes with the others but for a thousandth of its size.
std::optional<Slopes> slopesOf(const std::vector<const TaughtGeneration*>& rows)
{
    const auto n = static_cast<Eigen::Index>(rows.size());
    Eigen::MatrixXd design(n, 4);
    Eigen::VectorXd odds(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const TaughtGeneration& row = *rows[static_cast<std::size_t>(i)];
        design.row(i) << 1, row.capacity, row.gap, row.noise / kNoiseUnit;
        const double share = std::clamp((row.value - row.floor) / (1 - row.floor), 0.02, 0.98);
        odds(i) = std::log(share / (1 - share));
    }
    Eigen::ColPivHouseholderQR<Eigen::MatrixXd> solver(n, 4);
    solver.setThreshold(1e-3);
    solver.compute(design);
    if (solver.rank() < 4) return std::nullopt;
    Slopes slopes{solver.solve(odds), 0};
    const double left = (design * slopes.theta - odds).squaredNorm();
    const double all = (odds.array() - odds.mean()).matrix().squaredNorm();
    slopes.explained = all > 0 ? 1 - left / all : 0;
    return slopes;
}

} // namespace

Result<Drivers> driversOf(std::span<const TaughtGeneration> generations, std::uint64_t seed, int draws)
{
    std::map<int, std::vector<const TaughtGeneration*>> byRun;
    std::vector<const TaughtGeneration*> all;
    for (const TaughtGeneration& generation : generations) {
        byRun[generation.run].push_back(&generation);
        all.push_back(&generation);
    }
    if (all.size() < kLeastGenerations || byRun.size() < kLeastRuns)
        return badInput("What utility goes with needs " + std::to_string(kLeastGenerations) +
                        " taught generations of " + std::to_string(kLeastRuns) + " runs, and there are " +
                        std::to_string(all.size()) + " of " + std::to_string(byRun.size()) +
                        ": forecast from more runs.");
    const auto found = slopesOf(all);
    if (!found)
        return badInput("Capacity, gap and noise go with each other in every generation, so that their effects cannot "
                        "be told apart: add runs with other gaps, as resources/experiments/gap-controllers.toml does.");
    std::vector<const std::vector<const TaughtGeneration*>*> runs;
    for (const auto& [run, own] : byRun)
        runs.push_back(&own);
    Rng rng(seed, "forecast/drivers");
    std::array<std::vector<double>, 4> drawn;
    for (int draw = 0; draw < draws; ++draw) {
        std::vector<const TaughtGeneration*> rows;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            const auto& own = *runs[rng.below(runs.size())];
            rows.insert(rows.end(), own.begin(), own.end());
        }
        if (const auto slopes = slopesOf(rows))
            for (std::size_t k = 0; k < 4; ++k)
                drawn[k].push_back(slopes->theta(static_cast<Eigen::Index>(k)));
    }
    if (drawn[0].size() < static_cast<std::size_t>(draws) / 2)
        return badInput("Too few runs differ in gap and noise for an interval: forecast from more runs.");
    const auto estimate = [&](std::size_t k) {
        std::ranges::sort(drawn[k]);
        const auto at = [&](double q) {
            return drawn[k][static_cast<std::size_t>(q * static_cast<double>(drawn[k].size() - 1) + 0.5)];
        };
        const double value = found->theta(static_cast<Eigen::Index>(k));
        return Estimate{value, std::min(value, at(0.05)), std::max(value, at(0.95)),
                        static_cast<long long>(all.size())};
    };
    return Drivers{estimate(1), estimate(2), estimate(3), found->explained, all.size(), byRun.size()};
}

} // namespace gradus::forecast
