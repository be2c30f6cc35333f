// SPDX-License-Identifier: GPL-3.0-or-later
#include "forecast/back_test.h"

#include "evals/statistics.h"
#include "forecast/capacity_fit.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace gradus::forecast {

namespace {

constexpr double kLeastHalf = 0.02;
constexpr double kTail = 0.05;

bool inside(const Estimate& interval, double value)
{
    return interval.low <= value && value <= interval.high;
}

/// The factor that leaves out at most a kTail of these ratios, by the rank that split conformal prediction takes.
double factorOf(std::vector<double> ratios)
{
    if (ratios.empty()) return 1;
    std::ranges::sort(ratios);
    const auto rank = static_cast<std::size_t>(std::ceil((1 - kTail) * (static_cast<double>(ratios.size()) + 1)));
    return std::max(1.0, ratios[std::min(rank, ratios.size()) - 1]);
}

/// Share of cells that are held, with a 95 % jackknife interval over curves.
Estimate shareOf(const std::map<std::size_t, std::pair<double, double>>& byCurve)
{
    double held = 0;
    double all = 0;
    for (const auto& [curve, tally] : byCurve) {
        held += tally.first;
        all += tally.second;
    }
    const double value = held / all;
    const auto groups = static_cast<double>(byCurve.size());
    if (byCurve.size() < 2) return {value, 0, 1, static_cast<long long>(all)};
    double mean = 0;
    for (const auto& [curve, tally] : byCurve)
        mean += (held - tally.first) / (all - tally.second) / groups;
    double squares = 0;
    for (const auto& [curve, tally] : byCurve)
        squares += std::pow((held - tally.first) / (all - tally.second) - mean, 2);
    const double half = evals::studentQuantile(0.975, groups - 1) * std::sqrt((groups - 1) / groups * squares);
    return {value, std::max(0.0, value - half), std::min(1.0, value + half), static_cast<long long>(all)};
}

void calibrate(std::vector<HeldOutCell>& cells, std::span<const CapacityCurve> curves)
{
    for (HeldOutCell& cell : cells) {
        const CapacityCurve& own = curves[cell.curve];
        const bool otherTasks = std::ranges::any_of(
            curves, [&](const CapacityCurve& curve) { return curve.figure == own.figure && curve.task != own.task; });
        std::vector<HeldOutCell> others;
        for (const HeldOutCell& other : cells) {
            const CapacityCurve& curve = curves[other.curve];
            if (curve.figure != own.figure) continue;
            if (otherTasks ? curve.task != own.task : other.curve != cell.curve) others.push_back(other);
        }
        cell.calibrated = calibrationOf(others).widened(cell.forecast);
    }
}

} // namespace

Estimate Calibration::widened(const Estimate& forecast) const
{
    const double below = std::max(forecast.value - forecast.low, kLeastHalf);
    const double above = std::max(forecast.high - forecast.value, kLeastHalf);
    if (cells == 0) return forecast;
    return {forecast.value, std::clamp(forecast.value - down * below, 0.0, 1.0),
            std::clamp(forecast.value + up * above, 0.0, 1.0), forecast.n};
}

Calibration calibrationOf(std::span<const HeldOutCell> cells)
{
    std::vector<double> down;
    std::vector<double> up;
    for (const HeldOutCell& cell : cells) {
        const Estimate& forecast = cell.forecast;
        down.push_back((forecast.value - cell.observed) / std::max(forecast.value - forecast.low, kLeastHalf));
        up.push_back((cell.observed - forecast.value) / std::max(forecast.high - forecast.value, kLeastHalf));
    }
    return {factorOf(std::move(down)), factorOf(std::move(up)), cells.size()};
}

std::vector<HeldOutCell> backTest(std::span<const CapacityCurve> curves)
{
    std::vector<HeldOutCell> cells;
    for (std::size_t c = 0; c < curves.size(); ++c)
        for (std::size_t cut = kLeastRungs; cut < curves[c].points.size(); ++cut) {
            CapacityCurve known = curves[c];
            known.points.resize(cut);
            const auto fit = CapacityFit::to(known);
            if (!fit) continue; // rungs of one size
            for (std::size_t i = cut; i < curves[c].points.size(); ++i) {
                const CapacityPoint& point = curves[c].points[i];
                cells.push_back({.curve = c,
                                 .fittedRungs = cut,
                                 .capacity = point.capacity,
                                 .decades = point.capacity - fit->lastCapacity(),
                                 .forecast = fit->at(point.capacity),
                                 .calibrated = {},
                                 .observed = point.value,
                                 .carried = known.points.back().value});
            }
        }
    calibrate(cells, curves);
    return cells;
}

std::optional<BackTestScore> scoreOf(std::span<const HeldOutCell> cells, double least, double most)
{
    BackTestScore score;
    std::map<std::size_t, std::pair<double, double>> asFitted; // held, cells
    std::map<std::size_t, std::pair<double, double>> calibrated;
    for (const HeldOutCell& cell : cells) {
        if (cell.decades <= least || cell.decades > most) continue;
        score.cells += 1;
        score.error += std::abs(cell.forecast.value - cell.observed);
        score.carriedError += std::abs(cell.carried - cell.observed);
        score.bias += cell.forecast.value - cell.observed;
        score.width += cell.calibrated.high - cell.calibrated.low;
        score.farthest = std::max(score.farthest, cell.decades);
        asFitted[cell.curve].first += inside(cell.forecast, cell.observed) ? 1 : 0;
        asFitted[cell.curve].second += 1;
        calibrated[cell.curve].first += inside(cell.calibrated, cell.observed) ? 1 : 0;
        calibrated[cell.curve].second += 1;
    }
    if (score.cells == 0) return std::nullopt;
    const auto n = static_cast<double>(score.cells);
    for (double* sum : {&score.error, &score.carriedError, &score.bias, &score.width})
        *sum /= n;
    score.curves = calibrated.size();
    score.asFitted = shareOf(asFitted);
    score.coverage = shareOf(calibrated);
    return score;
}

} // namespace gradus::forecast
