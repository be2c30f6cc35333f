// SPDX-License-Identifier: GPL-3.0-or-later
// A forecast in words and as JSON. Every figure that was not measured is called a forecast.
#pragma once

#include "forecast/back_test.h"
#include "forecast/capacity_fit.h"
#include "forecast/drivers.h"
#include "forecast/ladder_plan.h"
#include "forecast/observations.h"
#include "forecast/oversight_law.h"

#include <optional>
#include <string>
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
};

/// Whole decades beyond what a fit has seen, and the target.
std::vector<double> forecastCapacities(const forecast::CapacityFit& fit, double target);
/// The curve's fit at a capacity, widened by what the back-test of its figure asks for. It must have a fit.
Estimate calibratedAt(const ForecastReport& report, const ForecastReport::Fit& one, double capacity);

std::string forecastText(const ForecastReport& report);
nlohmann::json forecastJson(const ForecastReport& report);

} // namespace gradus::app
