// SPDX-License-Identifier: GPL-3.0-or-later
#include "forecast/oversight_law.h"

#include "base/rng.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <Eigen/Dense>

namespace gradus::forecast {

namespace {

constexpr double kEloPerNat = 400 / 2.302585092994045684; // log odds to Elo
constexpr std::size_t kLeastSteps = 6;
constexpr double kLeastSpread = 0.05;   // decades by which students of one supervisor must differ
constexpr std::size_t kLeastOnLine = 3; // capacities between two plateaus: fewer are a jump and no line
constexpr double kUnbounded = 1e300;
constexpr double kSlopeScale = 2000; // Elo a decade: a weak prior

/// Where each side's line begins and ends.
struct Plateaus
{
    double low = -kUnbounded;
    double high = kUnbounded;
    int bounds() const { return (low > -1e299 ? 1 : 0) + (high < 1e299 ? 1 : 0); }
};

/// Every choice of a plateau below and above among the capacities, with a line of at least three between them.
std::vector<Plateaus> plateausAmong(const std::set<double>& capacities)
{
    std::vector<Plateaus> all{{}};
    const std::vector<double> sorted(capacities.begin(), capacities.end());
    for (std::size_t i = 0; i < sorted.size(); ++i)
        for (std::size_t j = i + kLeastOnLine - 1; j < sorted.size(); ++j) {
            const bool below = i > 0;
            const bool above = j + 1 < sorted.size();
            if (!below && !above) continue;
            all.push_back({below ? sorted[i] : -kUnbounded, above ? sorted[j] : kUnbounded});
        }
    return all;
}

struct Fit
{
    OversightLaw law;
    double cost = 1e300; ///< AIC
    double squares = 0;  ///< of success
};

/// Log odds that the student is not lost, with half an error added on either side, and their weight.
struct Target
{
    double odds = 0;
    double weight = 0;
};

Target targetOf(const ObservedStep& step)
{
    const double good = step.success * step.errors + 0.5;
    const double bad = (1 - step.success) * step.errors + 0.5;
    return {std::log(good / bad), good * bad / (good + bad)};
}

/// log odds = (guard slope g(from) - overseen slope h(to) - offset) / 400 in nats, for given plateaus.
Fit fitted(std::span<const ObservedStep> steps, const Plateaus& guard, const Plateaus& overseen)
{
    const auto n = static_cast<Eigen::Index>(steps.size());
    Eigen::MatrixXd design = Eigen::MatrixXd::Zero(n + 2, 3); // two rows of prior below the steps
    Eigen::VectorXd target = Eigen::VectorXd::Zero(n + 2);
    const Strength guardLine{1, guard.low, guard.high};
    const Strength overseenLine{1, overseen.low, overseen.high};
    for (Eigen::Index i = 0; i < n; ++i) {
        const ObservedStep& step = steps[static_cast<std::size_t>(i)];
        const Target wanted = targetOf(step);
        const double root = std::sqrt(wanted.weight);
        design(i, 0) = root * guardLine.elo(step.from);
        design(i, 1) = -root * overseenLine.elo(step.to);
        design(i, 2) = -root;
        target(i) = root * wanted.odds * kEloPerNat;
    }
    design(n, 0) = design(n + 1, 1) = kEloPerNat / kSlopeScale;
    Fit fit;
    const auto solver = design.colPivHouseholderQr();
    if (solver.rank() < 3) return fit;
    const Eigen::Vector3d found = solver.solve(target);
    fit.law = {{found(0), guard.low, guard.high}, {found(1), overseen.low, overseen.high}, found(2)};
    const double squares = (design * found - target).squaredNorm();
    fit.cost = static_cast<double>(n) * std::log(std::max(squares, 1e-12) / static_cast<double>(n)) +
               2 * (3 + guard.bounds() + overseen.bounds());
    for (const ObservedStep& step : steps)
        fit.squares += std::pow(fit.law.step(step.from, step.to) - step.success, 2);
    return fit;
}

Fit bestFit(std::span<const ObservedStep> steps)
{
    std::set<double> from;
    std::set<double> to;
    for (const ObservedStep& step : steps) {
        from.insert(step.from);
        to.insert(step.to);
    }
    Fit best;
    for (const Plateaus& guard : plateausAmong(from))
        for (const Plateaus& overseen : plateausAmong(to))
            if (const Fit fit = fitted(steps, guard, overseen); fit.cost < best.cost) best = fit;
    return best;
}

Estimate interval(double value, std::vector<double> draws, std::size_t n)
{
    std::ranges::sort(draws);
    const auto at = [&](double q) {
        return draws[static_cast<std::size_t>(q * static_cast<double>(draws.size() - 1) + 0.5)];
    };
    return {value, std::min(value, at(0.05)), std::max(value, at(0.95)), static_cast<long long>(n)};
}

} // namespace

double Strength::elo(double ability) const
{
    const double base = low > -1e299 ? low : 0;
    return slope * (std::clamp(ability, low, high) - base);
}

double OversightLaw::step(double from, double to) const
{
    return 1 / (1 + std::pow(10.0, (overseen.elo(to) + offset - guard.elo(from)) / 400));
}

double OversightLaw::chain(double from, double distance, int steps) const
{
    double success = 1;
    for (int s = 1; s <= steps; ++s)
        success *= step(from + distance * (s - 1) / steps, from + distance * s / steps);
    return success;
}

BestChain bestChain(const OversightLaw& law, double from, double distance, int most)
{
    BestChain best{1, law.chain(from, distance, 1)};
    for (int steps = 2; steps <= most; ++steps)
        if (const double success = law.chain(from, distance, steps); success > best.success) best = {steps, success};
    return best;
}

Result<FittedLaw> fitOversightLaw(std::span<const ObservedStep> steps, std::uint64_t seed, int draws)
{
    if (steps.size() < kLeastSteps)
        return badInput("The oversight law needs " + std::to_string(kLeastSteps) +
                        " steps with an imitation rate and there are " + std::to_string(steps.size()) +
                        ": forecast from more runs or longer ladders.");
    std::map<double, std::pair<double, double>> students; // of each supervisor: least and most capable
    for (const ObservedStep& step : steps) {
        auto& [least, most] = students.try_emplace(step.from, step.to, step.to).first->second;
        least = std::min(least, step.to);
        most = std::max(most, step.to);
    }
    const auto told = std::ranges::count_if(
        students, [](const auto& entry) { return entry.second.second - entry.second.first > kLeastSpread; });
    const Fit best = bestFit(steps);
    if (told < 2 || best.cost > 1e299)
        return badInput(
            "Fewer than two supervisors have students of different sizes, so that the guard's strength cannot "
            "be told from the overseen one's: add runs with other gaps, as resources/experiments/gap-controllers.toml "
            "does.");
    std::map<int, std::vector<ObservedStep>> byRun;
    for (const ObservedStep& step : steps)
        byRun[step.run].push_back(step);
    std::vector<const std::vector<ObservedStep>*> runs;
    for (const auto& [run, own] : byRun)
        runs.push_back(&own);
    FittedLaw made{.law = best.law,
                   .guardSlope = {},
                   .overseenSlope = {},
                   .offset = {},
                   .residual = std::sqrt(best.squares / static_cast<double>(steps.size())),
                   .steps = steps.size(),
                   .draws = {}};
    Rng rng(seed, "forecast/oversight");
    std::vector<double> guards, overseens, offsets;
    for (int draw = 0; draw < draws; ++draw) {
        std::vector<ObservedStep> drawn;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            const auto& own = *runs[rng.below(runs.size())];
            drawn.insert(drawn.end(), own.begin(), own.end());
        }
        const Fit fit = bestFit(drawn);
        if (fit.cost > 1e299) continue;
        made.draws.push_back(fit.law);
        guards.push_back(fit.law.guard.slope);
        overseens.push_back(fit.law.overseen.slope);
        offsets.push_back(fit.law.offset);
    }
    if (guards.empty()) return failed("No draw of the bootstrap could be fitted: forecast from more runs.");
    made.guardSlope = interval(best.law.guard.slope, std::move(guards), steps.size());
    made.overseenSlope = interval(best.law.overseen.slope, std::move(overseens), steps.size());
    made.offset = interval(best.law.offset, std::move(offsets), steps.size());
    return made;
}

} // namespace gradus::forecast
