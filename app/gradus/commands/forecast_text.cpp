// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/forecast_text.h"

#include "base/text.h"
#include "commands/figures.h"
#include "run/text_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace gradus::app {

namespace {

using nlohmann::json;

constexpr int kMostSteps = 100; ///< of a chain under the oversight law
constexpr const char* kNoBackTest =
    "No rung could be held out, so that nothing is known of how far these forecasts err: "
    "a curve needs four rungs for a back-test. Intervals below are as fitted.";

std::string scientific(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.2e", value);
    return text;
}

/// How far beyond its last rung the back-test of that figure went.
double testedDecades(const ForecastReport& report, forecast::Figure figure)
{
    double most = 0;
    for (const forecast::HeldOutCell& cell : report.cells)
        if (report.observed.curves[cell.curve].figure == figure) most = std::max(most, cell.decades);
    return most;
}

std::vector<forecast::HeldOutCell> cellsOf(const ForecastReport& report, forecast::Figure figure)
{
    std::vector<forecast::HeldOutCell> own;
    for (const forecast::HeldOutCell& cell : report.cells)
        if (report.observed.curves[cell.curve].figure == figure) own.push_back(cell);
    return own;
}

constexpr forecast::Figure kFigures[] = {forecast::Figure::Ceiling, forecast::Figure::Utility,
                                         forecast::Figure::Imitation};

struct Reach
{
    const char* name;
    double least;
    double most;
};
constexpr Reach kReaches[] = {
    {"all", -1, 1e9}, {"up to 0.6", -1, 0.6}, {"0.6 to 1.2", 0.6, 1.2}, {"beyond 1.2", 1.2, 1e9}};

std::string curveText(const ForecastReport& report, const ForecastReport::Fit& one)
{
    const forecast::CapacityCurve& curve = *one.curve;
    std::string text = std::string(forecast::nameOf(curve.figure)) + " of " + visible(curve.name, 120) + "\n";
    if (!one.fit) return text + "  no forecast: " + visible(one.refusal, 400) + "\n";
    std::string measured;
    for (const forecast::CapacityPoint& point : curve.points)
        measured += (measured.empty() ? "" : ", ") + fixedText(point.value) + " at 10^" + fixedText(point.capacity, 2);
    text += "  measured  " + measured + "\n";
    std::string forms;
    for (const forecast::FittedForm& form : one.fit->forms())
        forms += (forms.empty() ? "" : "; ") + std::string(forecast::nameOf(form.form)) + " " +
                 fixedText(100 * form.weight, 0) + " %, slope " + figureText(form.slope, 2) +
                 (form.form == forecast::Form::Saturating ? ", top " + fixedText(form.top, 2) : "");
    text += "  forms     " + forms + "\n";
    const double tested = testedDecades(report, curve.figure);
    std::string line;
    for (const double capacity : forecastCapacities(*one.fit, report.target)) {
        const double ahead = capacity - one.fit->lastCapacity();
        if (ahead > tested + 1 && capacity < report.target) continue; // JSON has every decade
        line += (line.empty() ? "" : "; ") + std::string("10^") +
                fixedText(capacity, capacity == std::floor(capacity) ? 0 : 2) + " " +
                figureText(calibratedAt(report, one, capacity)) + (ahead > tested ? " (not tested so far ahead)" : "");
    }
    text += "  forecast  " + line + "\n";
    return text;
}

std::string driversText(const char* figure, const std::optional<forecast::Drivers>& drivers)
{
    if (!drivers) return {};
    return std::string("forecast of ") + figure + ", log odds: " + figureText(drivers->capacity, 2) +
           " a decade of capacity, " + figureText(drivers->gap, 2) + " a decade of gap, " +
           figureText(drivers->noise, 2) + " a tenth of wrong labels" +
           (drivers->labels ? ", " + figureText(drivers->labels, 2) + " a decade of labels" : std::string()) + " (R2 " +
           fixedText(drivers->explained, 2) + ", " + std::to_string(drivers->generations) + " generations of " +
           counted(drivers->runs, "run") +
           (drivers->tasks > 1 ? ", a level for each of " + std::to_string(drivers->tasks) + " tasks" : std::string()) +
           ")\n";
}

std::string boundText(const forecast::Strength& strength)
{
    std::string text;
    if (strength.low > -1e299) text += ", level below 10^" + fixedText(strength.low, 2);
    if (strength.high < 1e299) text += ", level above 10^" + fixedText(strength.high, 2);
    return text;
}

/// Success of the best chain under every draw of the law, as an interval round that of the law itself.
Estimate chainEstimate(const forecast::FittedLaw& law, double from, double distance, int steps)
{
    std::vector<double> values;
    for (const forecast::OversightLaw& draw : law.draws)
        values.push_back(draw.chain(from, distance, steps));
    std::ranges::sort(values);
    const auto at = [&](double q) {
        return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1) + 0.5)];
    };
    const double value = law.law.chain(from, distance, steps);
    return {value, std::min(value, at(0.05)), std::max(value, at(0.95)), static_cast<long long>(law.steps)};
}

std::string lawText(const ForecastReport& report)
{
    if (!report.law) return "Oversight law: no forecast. " + report.lawRefusal + "\n";
    const forecast::FittedLaw& law = *report.law;
    const double from = report.observed.lowest;
    const double distance = report.target - from;
    const forecast::BestChain best = forecast::bestChain(law.law, from, distance, kMostSteps);
    std::string text = "Oversight law, success = a supervisor's error is not repeated (" + std::to_string(law.steps) +
                       " steps, residual " + fixedText(law.residual) + ")\n";
    text += "  guard " + figureText(law.guardSlope, 0) + " Elo a decade" + boundText(law.law.guard) + "; overseen " +
            figureText(law.overseenSlope, 0) + boundText(law.law.overseen) + "; offset " + figureText(law.offset, 0) +
            "\n";
    text += "  forecast  from 10^" + fixedText(from, 1) + " to 10^" + fixedText(report.target, 1) + ": best in " +
            std::to_string(best.steps) + (best.steps == kMostSteps ? " or more" : "") +
            " steps, every step overseen with probability " +
            figureText(chainEstimate(law, from, distance, best.steps)) + "; in one step " +
            figureText(chainEstimate(law, from, distance, 1)) + "; in the plan's " +
            std::to_string(report.plan.rungs.size() - 1) + " " +
            figureText(chainEstimate(law, from, distance, static_cast<int>(report.plan.rungs.size()) - 1)) + "\n";
    if (!law.premiseHolds())
        text += "  The law supposes that guard and overseen both gain with capacity, and here one does not: what it "
                "says of "
                "steps is no advice.\n";
    return text;
}

json strengthJson(const forecast::Strength& strength, const Estimate& slope)
{
    return {{"slope", figureJson(slope)},
            {"level_below", strength.low > -1e299 ? json(strength.low) : json()},
            {"level_above", strength.high < 1e299 ? json(strength.high) : json()}};
}

json scoreJson(const forecast::BackTestScore& score)
{
    return {{"cells", score.cells},
            {"curves", score.curves},
            {"coverage_as_fitted", figureJson(score.asFitted)},
            {"coverage_of_90", figureJson(score.coverage)},
            {"error", score.error},
            {"error_of_no_change", score.carriedError},
            {"bias", score.bias},
            {"width", score.width},
            {"farthest_decades", score.farthest}};
}

json driversJson(const std::optional<forecast::Drivers>& drivers)
{
    if (!drivers) return nullptr;
    return {{"capacity", figureJson(drivers->capacity)},
            {"gap", figureJson(drivers->gap)},
            {"noise", figureJson(drivers->noise)},
            {"labels", figureJson(drivers->labels)},
            {"tasks", drivers->tasks},
            {"r_squared", drivers->explained},
            {"generations", drivers->generations},
            {"runs", drivers->runs}};
}

json curveJson(const ForecastReport& report, const ForecastReport::Fit& one)
{
    json made{{"name", one.curve->name},   {"figure", forecast::nameOf(one.curve->figure)},
              {"measured", json::array()}, {"forecast", json::array()},
              {"forms", json::array()},    {"refusal", one.refusal.empty() ? json() : json(one.refusal)}};
    for (const forecast::CapacityPoint& point : one.curve->points)
        made["measured"].push_back({{"capacity", point.capacity},
                                    {"value", point.value},
                                    {"standard_error", point.error},
                                    {"seeds", point.seeds}});
    if (!one.fit) return made;
    for (const forecast::FittedForm& form : one.fit->forms())
        made["forms"].push_back({{"form", forecast::nameOf(form.form)},
                                 {"weight", form.weight},
                                 {"level", form.level},
                                 {"slope", figureJson(form.slope)},
                                 {"top", form.top},
                                 {"residual", form.residual}});
    const double tested = testedDecades(report, one.curve->figure);
    for (const double capacity : forecastCapacities(*one.fit, report.target))
        made["forecast"].push_back({{"capacity", capacity},
                                    {"value", figureJson(calibratedAt(report, one, capacity))},
                                    {"back_tested_that_far", capacity - one.fit->lastCapacity() <= tested}});
    return made;
}

json lawJson(const ForecastReport& report)
{
    if (!report.law) return {{"refusal", report.lawRefusal}};
    const forecast::FittedLaw& law = *report.law;
    const double from = report.observed.lowest;
    const double distance = report.target - from;
    const forecast::BestChain best = forecast::bestChain(law.law, from, distance, kMostSteps);
    return {{"guard", strengthJson(law.law.guard, law.guardSlope)},
            {"overseen", strengthJson(law.law.overseen, law.overseenSlope)},
            {"offset", figureJson(law.offset)},
            {"residual", law.residual},
            {"steps_fitted", law.steps},
            {"premise_holds", law.premiseHolds()},
            {"best_steps", best.steps},
            {"success", figureJson(chainEstimate(law, from, distance, best.steps))},
            {"success_in_one", figureJson(chainEstimate(law, from, distance, 1))}};
}

} // namespace

std::vector<double> forecastCapacities(const forecast::CapacityFit& fit, double target)
{
    std::vector<double> all;
    for (double c = std::floor(fit.lastCapacity()) + 1; c < target; ++c)
        all.push_back(c);
    all.push_back(target);
    return all;
}

Estimate calibratedAt(const ForecastReport& report, const ForecastReport::Fit& one, double capacity)
{
    return forecast::calibrationOf(cellsOf(report, one.curve->figure)).widened(one.fit->at(capacity));
}

std::vector<std::vector<std::string>> backTestRows(const ForecastReport& report)
{
    std::vector<std::vector<std::string>> rows{{"back-test", "decades ahead", "cells", "curves", "inside as fitted",
                                                "inside calibrated", "error", "error of no change", "bias", "width"}};
    for (const forecast::Figure figure : kFigures)
        for (const Reach& reach : kReaches)
            if (const auto score = forecast::scoreOf(cellsOf(report, figure), reach.least, reach.most))
                rows.push_back({forecast::nameOf(figure), reach.name, std::to_string(score->cells),
                                std::to_string(score->curves), figureText(score->asFitted, 2),
                                figureText(score->coverage, 2), fixedText(score->error), fixedText(score->carriedError),
                                fixedText(score->bias), fixedText(score->width)});
    return rows;
}

std::string backTestNote(const ForecastReport& report)
{
    std::string widened;
    std::string asFitted;
    for (const forecast::Figure figure : kFigures) {
        const bool forecasts = std::ranges::any_of(
            report.fits, [&](const ForecastReport::Fit& one) { return one.fit && one.curve->figure == figure; });
        if (!forecasts) continue;
        std::string& names = cellsOf(report, figure).empty() ? asFitted : widened;
        names += (names.empty() ? "" : ", ") + std::string(forecast::nameOf(figure));
    }
    if (widened.empty()) return {};
    return "Inside: share of held-out rungs in their 90 % interval, as fitted and widened by what other tasks' curves "
           "(with one task: other curves) needed; forecasts of " +
           widened + " below are widened" + (asFitted.empty() ? "" : ", of " + asFitted + " as fitted") +
           ". Error: mean distance from what was measured.";
}

std::string forecastText(const ForecastReport& report)
{
    std::string text = "Forecasts from " + counted(report.observed.runs, "run") +
                       ", with 90 % prediction intervals; capacity is log10 of parameters\n";
    for (const std::string& origin : report.ground.origins)
        text += origin + "\n";
    const auto rows = backTestRows(report);
    text += "\n" + (rows.size() > 1 ? run::aligned(rows, run::kAllWords) + backTestNote(report) + "\n"
                                    : std::string(kNoBackTest) + "\n");
    return text + "\n" + aheadText(report);
}

std::string planWords(const ForecastReport& report)
{
    const forecast::LadderPlan& plan = report.plan;
    std::string text = "a ladder to 10^" + fixedText(plan.rungs.back().capacity, 1) + ": " +
                       std::to_string(plan.rungs.size()) + " rungs, steps of " + fixedText(plan.step, 2) +
                       " decades, " + scientific(plan.flop) + " FLOP (6 N D a rung), " + scientific(plan.hours) +
                       " device hours of " + scientific(report.hourFlop) + " FLOP";
    text += plan.cost ? ", cost " + scientific(*plan.cost) + " at " + numberText(report.hourPrice.value_or(0)) +
                            " a device hour"
                      : ", no cost (give the price of a device hour: --hour-price)";
    return text + "; the last rung is " + fixedText(100 * plan.rungs.back().flop / plan.flop, 0) + " % of it";
}

std::string aheadText(const ForecastReport& report)
{
    std::string text;
    for (const ForecastReport::Fit& one : report.fits)
        text += curveText(report, one) + "\n";
    text += driversText("utility", report.utilityDrivers) + driversText("imitation", report.imitationDrivers);
    if (!report.utilityDrivers)
        text += "Capacity, gap and noise together: no forecast. " + report.driversRefusal + "\n";
    text += "\n" + lawText(report) + "\nforecast  " + planWords(report) + "\n";
    for (const std::string& note : report.observed.notes)
        text += "\n" + note + "\n";
    return text;
}

json forecastJson(const ForecastReport& report)
{
    json made{{"is_forecast", true},
              {"interval", forecast::kForecastLevel},
              {"runs", report.observed.runs},
              {"origins", report.ground.origins},
              {"curves", json::array()},
              {"back_test", json::object()},
              {"cells", json::array()},
              {"utility_goes_with", driversJson(report.utilityDrivers)},
              {"imitation_goes_with", driversJson(report.imitationDrivers)},
              {"oversight_law", lawJson(report)},
              {"plan",
               {{"rungs", report.plan.rungs.size()},
                {"step", report.plan.step},
                {"flop", report.plan.flop},
                {"device_hours", report.plan.hours},
                {"cost", report.plan.cost ? json(*report.plan.cost) : json()}}},
              {"notes", report.observed.notes}};
    for (const ForecastReport::Fit& one : report.fits)
        made["curves"].push_back(curveJson(report, one));
    for (const forecast::Figure figure : kFigures)
        for (const Reach& reach : kReaches)
            if (const auto score = forecast::scoreOf(cellsOf(report, figure), reach.least, reach.most))
                made["back_test"][forecast::nameOf(figure)][reach.name] = scoreJson(*score);
    for (const forecast::HeldOutCell& cell : report.cells)
        made["cells"].push_back({{"curve", cell.curve},
                                 {"fitted_rungs", cell.fittedRungs},
                                 {"capacity", cell.capacity},
                                 {"decades", cell.decades},
                                 {"forecast", figureJson(cell.calibrated)},
                                 {"as_fitted", figureJson(cell.forecast)},
                                 {"observed", cell.observed},
                                 {"no_change", cell.carried}});
    return made;
}

} // namespace gradus::app
