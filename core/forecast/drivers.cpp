// SPDX-License-Identifier: GPL-3.0-or-later
#include "forecast/drivers.h"

#include "base/rng.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include <Eigen/Dense>

namespace gradus::forecast {

namespace {

constexpr std::size_t kLeastGenerations = 8;
constexpr std::size_t kLeastRuns = 3;
constexpr double kNoiseUnit = 0.1;

struct Slopes
{
    std::vector<double> theta; ///< capacity, gap, noise, and labels where these are asked for
    double explained = 0;
};

using Rows = std::vector<const TaughtGeneration*>;

/// Columns: one a task, 1 in its own rows, then the slopes. None where a column goes with the others but for a
/// thousandth of its size.
std::optional<Slopes> slopesOf(const Rows& rows, bool withLabels)
{
    std::map<int, Eigen::Index> level;
    for (const TaughtGeneration* row : rows)
        level.try_emplace(row->task, static_cast<Eigen::Index>(level.size()));
    const auto n = static_cast<Eigen::Index>(rows.size());
    const auto levels = static_cast<Eigen::Index>(level.size());
    const Eigen::Index slopesFrom = levels;
    const Eigen::Index columns = levels + 3 + (withLabels ? 1 : 0);
    Eigen::MatrixXd design = Eigen::MatrixXd::Zero(n, columns);
    Eigen::VectorXd odds(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const TaughtGeneration& row = *rows[static_cast<std::size_t>(i)];
        design(i, level.at(row.task)) = 1;
        design(i, slopesFrom) = row.capacity;
        design(i, slopesFrom + 1) = row.gap;
        design(i, slopesFrom + 2) = row.noise / kNoiseUnit;
        if (withLabels) design(i, slopesFrom + 3) = row.labels;
        const double share = std::clamp((row.value - row.floor) / (1 - row.floor), 0.02, 0.98);
        odds(i) = std::log(share / (1 - share));
    }
    if (n < columns) return std::nullopt;
    Eigen::ColPivHouseholderQR<Eigen::MatrixXd> solver(n, columns);
    solver.setThreshold(1e-3);
    solver.compute(design);
    if (solver.rank() < columns) return std::nullopt;
    const Eigen::VectorXd theta = solver.solve(odds);
    Slopes slopes{{theta.data() + slopesFrom, theta.data() + columns}, 0};
    const double left = (design * theta - odds).squaredNorm();
    const double all = (odds.array() - odds.mean()).matrix().squaredNorm();
    slopes.explained = all > 0 ? 1 - left / all : 0;
    return slopes;
}

} // namespace

Result<Drivers> driversOf(std::span<const TaughtGeneration> generations, std::uint64_t seed, int draws)
{
    std::map<int, Rows> byRun;
    Rows all;
    for (const TaughtGeneration& generation : generations) {
        byRun[generation.run].push_back(&generation);
        all.push_back(&generation);
    }
    if (all.size() < kLeastGenerations || byRun.size() < kLeastRuns)
        return badInput("What utility goes with needs " + std::to_string(kLeastGenerations) +
                        " taught generations of " + std::to_string(kLeastRuns) + " runs, and there are " +
                        std::to_string(all.size()) + " of " + std::to_string(byRun.size()) +
                        ": forecast from more runs.");
    auto found = slopesOf(all, true);
    const bool withLabels = found.has_value();
    if (!withLabels) found = slopesOf(all, false);
    if (!found)
        return badInput("Capacity, gap and noise go with each other in every generation, so that their effects cannot "
                        "be told apart: add runs with other gaps, as resources/experiments/gap-controllers.toml does.");
    std::vector<const Rows*> runs;
    for (const auto& [run, own] : byRun)
        runs.push_back(&own);
    Rng rng(seed, "forecast/drivers");
    std::vector<std::vector<double>> drawn(found->theta.size());
    for (int draw = 0; draw < draws; ++draw) {
        Rows rows;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            const auto& own = *runs[rng.below(runs.size())];
            rows.insert(rows.end(), own.begin(), own.end());
        }
        if (const auto slopes = slopesOf(rows, withLabels))
            for (std::size_t k = 0; k < drawn.size(); ++k)
                drawn[k].push_back(slopes->theta[k]);
    }
    if (drawn[0].size() < static_cast<std::size_t>(draws) / 2)
        return badInput("Too few runs differ in gap and noise for an interval: forecast from more runs.");
    const auto estimate = [&](std::size_t k) {
        std::ranges::sort(drawn[k]);
        const auto at = [&](double q) {
            return drawn[k][static_cast<std::size_t>(q * static_cast<double>(drawn[k].size() - 1) + 0.5)];
        };
        const double value = found->theta[k];
        return Estimate{value, std::min(value, at(0.05)), std::max(value, at(0.95)),
                        static_cast<long long>(all.size())};
    };
    std::set<int> tasks;
    for (const TaughtGeneration* one : all)
        tasks.insert(one->task);
    return Drivers{estimate(0),  estimate(1),      estimate(2), withLabels ? std::optional(estimate(3)) : std::nullopt,
                   tasks.size(), found->explained, all.size(),  byRun.size()};
}

} // namespace gradus::forecast
