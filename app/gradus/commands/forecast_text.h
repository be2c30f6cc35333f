// SPDX-License-Identifier: GPL-3.0-or-later
// A forecast in words and as JSON. Every figure that was not measured is called a forecast.
#pragma once

#include "commands/page_ground.h"
#include "forecast/back_test.h"
#include "forecast/capacity_fit.h"
#include "forecast/drivers.h"
#include "forecast/ladder_plan.h"
#include "forecast/observations.h"
#include "forecast/oversight_law.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace gradus::app {

struct ForecastReport
{
    struct Fit
    {
        const forecast::CapacityCurve* curve = nullptr; ///< in observed
        std::optional<forecast::CapacityFit> fit;
        std::string refusal; ///< why there is none
    };

    forecast::Observations observed;
    std::vector<Fit> fits; ///< one a curve
    std::vector<forecast::HeldOutCell> cells;
    std::optional<forecast::FittedLaw> law;
    std::string lawRefusal;
    std::optional<forecast::Drivers> utilityDrivers, imitationDrivers;
    std::string driversRefusal;
    forecast::LadderPlan plan;
    double target = 13;
    std::optional<double> hourPrice; ///< of a device hour, in any currency
    double hourFlop = 0;             ///< operations of a device hour
    PageGround ground;
};

/// Whole decades beyond what a fit has seen, and the target.
std::vector<double> forecastCapacities(const forecast::CapacityFit& fit, double target);
/// The curve's fit at a capacity, widened by what the back-test of its figure asks for. It must have a fit.
Estimate calibratedAt(const ForecastReport& report, const ForecastReport::Fit& one, double capacity);

/// The back-test, a row a figure and reach, headings first; the headings alone where no rung could be held out.
std::vector<std::vector<std::string>> backTestRows(const ForecastReport& report);
/// What the columns of the back-test are, and which forecasts are widened by it; empty without a back-test.
std::string backTestNote(const ForecastReport& report);
/// "a ladder to 10^13.0: 21 rungs, ...", with its cost or how to have one.
std::string planWords(const ForecastReport& report);
/// All but the back-test: curves, what goes with what, the law, a plan.
std::string aheadText(const ForecastReport& report);
std::string forecastText(const ForecastReport& report);
nlohmann::json forecastJson(const ForecastReport& report);

} // namespace gradus::app
