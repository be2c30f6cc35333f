// SPDX-License-Identifier: GPL-3.0-or-later
// How well forecasts did where the truth is known: curves cut off at a rung, the rungs beyond it predicted. Pure.
#pragma once

#include "base/interval.h"
#include "forecast/capacity_curve.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradus::forecast {

/// One rung that the fit had not seen.
struct HeldOutCell
{
    std::size_t curve = 0; ///< index into the curves
    std::size_t fittedRungs = 0;
    double capacity = 0;
    double decades = 0;  ///< beyond the last rung that was fitted
    Estimate forecast;   ///< 90 % interval as the curve's own fit has it
    Estimate calibrated; ///< the same, widened by what other curves needed (see Calibration)
    double observed = 0;
    double carried = 0; ///< the last fitted rung's value: the forecast that nothing changes
};

/// How much wider intervals should have been: the factors by which their lower and upper halves must grow to leave out
/// 5 % of the cells each. Never below 1. Halves count as 0.02 at least, so that an interval at an end of [0, 1] has
/// one.
struct Calibration
{
    double down = 1;
    double up = 1;
    std::size_t cells = 0; ///< behind it; 0: nothing is known, and nothing widened
    Estimate widened(const Estimate& forecast) const;
};
Calibration calibrationOf(std::span<const HeldOutCell> cells);

/// Every curve cut after its third rung, its fourth and so on; every rung beyond the cut is a cell. A cell is
/// calibrated on the cells of the same figure of other tasks; where there is one task alone, of other curves.
std::vector<HeldOutCell> backTest(std::span<const CapacityCurve> curves);

struct BackTestScore
{
    std::size_t cells = 0;
    std::size_t curves = 0;
    Estimate asFitted; ///< share of cells inside their own fit's interval, as coverage
    Estimate coverage; ///< share of cells inside their calibrated interval; 95 % jackknife interval over curves, since
                       ///< cells of one curve are not independent
    double error = 0;        ///< mean |forecast - observed|
    double carriedError = 0; ///< mean |last value - observed|
    double bias = 0;         ///< mean forecast - observed
    double width = 0;        ///< mean width of the calibrated intervals
    double farthest = 0;     ///< decades
};

/// Of the cells from `least` (not included) to `most` decades beyond the fitted rungs. None without a cell.
std::optional<BackTestScore> scoreOf(std::span<const HeldOutCell> cells, double least = -1, double most = 1e9);

} // namespace gradus::forecast
