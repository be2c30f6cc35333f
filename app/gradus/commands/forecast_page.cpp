// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/forecast_page.h"

#include "base/text.h"
#include "commands/figures.h"
#include "report/note.h"

#include <algorithm>

namespace gradus::app {

namespace {

using report::ChartPanel;
using report::ChartPoint;
using report::ChartSeries;

constexpr forecast::Figure kFigures[] = {forecast::Figure::Ceiling, forecast::Figure::Utility,
                                         forecast::Figure::Imitation};
constexpr std::size_t kMostCurves = 4; ///< in one panel: more are not told apart

ChartPoint pointAt(double place, const Estimate& estimate, const std::string& what)
{
    return {.place = place,
            .value = estimate.value,
            .low = estimate.low,
            .high = estimate.high,
            .runs = {},
            .words = what + ": " + figureText(estimate)};
}

/// Held-out rungs of one figure: what came on the right, what was foretold upwards; a good forecast lies on the line.
ChartPanel backTestPanel(const ForecastReport& made, forecast::Figure figure)
{
    ChartPanel panel{forecast::nameOf(figure),
                     {.label = "what came", .least = 0.0, .most = 1.0},
                     {.label = "what was foretold", .least = 0.0, .most = 1.0}};
    ChartSeries cells{"a held-out rung, calibrated 90 % interval", 0, false};
    for (const forecast::HeldOutCell& cell : made.cells) {
        const forecast::CapacityCurve& curve = made.observed.curves[cell.curve];
        if (curve.figure != figure) continue;
        cells.points.push_back(
            pointAt(cell.observed, cell.calibrated,
                    visible(curve.name, 120) + ", " + fixedText(cell.decades, 2) + " decades ahead"));
    }
    ChartSeries line{"as it came", 1, true, true};
    line.points = {{.place = 0, .value = 0}, {.place = 1, .value = 1}};
    panel.series = {std::move(cells), std::move(line)};
    return panel;
}

/// A group of runs looks the same in every panel: its place among the names of all curves.
int styleOf(const ForecastReport& made, const std::string& name)
{
    std::vector<std::string> names;
    for (const ForecastReport::Fit& one : made.fits)
        if (one.fit && std::ranges::find(names, one.curve->name) == names.end()) names.push_back(one.curve->name);
    return static_cast<int>(std::ranges::find(names, name) - names.begin());
}

/// Measured rungs joined, and beyond them the forecast.
ChartPanel curvesPanel(const ForecastReport& made, forecast::Figure figure)
{
    ChartPanel panel{forecast::nameOf(figure),
                     {.label = "log10 of parameters"},
                     {.label = forecast::nameOf(figure), .least = 0.0, .most = 1.0}};
    for (const ForecastReport::Fit& one : made.fits) {
        if (one.curve->figure != figure || !one.fit || panel.series.size() >= 2 * kMostCurves) continue;
        const std::string name = visible(one.curve->name, 120);
        const int style = styleOf(made, one.curve->name);
        ChartSeries measured{name, style, true};
        for (const forecast::CapacityPoint& point : one.curve->points)
            measured.points.push_back({.place = point.capacity,
                                       .value = point.value,
                                       .low = {},
                                       .high = {},
                                       .runs = {},
                                       .words = name + ": " + fixedText(point.value)});
        ChartSeries ahead{{}, style, true, true}; // dashed, as the caption says: one name a curve
        for (const double capacity : forecastCapacities(*one.fit, made.target))
            ahead.points.push_back(pointAt(capacity, calibratedAt(made, one, capacity), name));
        panel.series.push_back(std::move(measured));
        panel.series.push_back(std::move(ahead));
    }
    return panel;
}

report::Figure figureOf(const ForecastReport& made, ChartPanel (*panelOf)(const ForecastReport&, forecast::Figure))
{
    report::Figure figure;
    for (const forecast::Figure one : kFigures) {
        ChartPanel panel = panelOf(made, one);
        if (!panel.series.empty() && !panel.series.front().points.empty()) figure.panels.push_back(std::move(panel));
    }
    return figure;
}

std::string backTestAnswer(const ForecastReport& made, forecast::Figure figure)
{
    std::vector<forecast::HeldOutCell> own;
    for (const forecast::HeldOutCell& cell : made.cells)
        if (made.observed.curves[cell.curve].figure == figure) own.push_back(cell);
    const auto score = forecast::scoreOf(own);
    if (!score) return {};
    return "Held-out rungs of " + std::string(forecast::nameOf(figure)) + " (" + counted(score->cells, "cell") +
           " of " + counted(score->curves, "curve") + "): " + figureText(score->coverage, 2) +
           " lie in the calibrated 90 % interval, " + figureText(score->asFitted, 2) +
           " in that of the fit alone; the forecast is off by " + fixedText(score->error) +
           ", that nothing changes by " + fixedText(score->carriedError) + ".";
}

/// How far forecasts of these runs can be believed, what the law of oversight says, and what a ladder would cost.
std::vector<std::string> answersOf(const ForecastReport& made)
{
    std::vector<std::string> answers;
    for (const forecast::Figure figure : kFigures)
        if (std::string text = backTestAnswer(made, figure); !text.empty()) answers.push_back(std::move(text));
    if (answers.empty()) answers.emplace_back("No rung could be held out: nothing is known of how far forecasts err.");
    answers.push_back(
        !made.law ? "The oversight law gives no forecast. " + made.lawRefusal
        : made.law->premiseHolds()
            ? "The oversight law's premise, that guard and overseen both gain with capacity, holds here; what it "
              "forecasts stands with the other figures below."
            : "The oversight law's premise, that guard and overseen both gain with capacity, does not "
              "hold here: its advice on the number of steps is void.");
    answers.push_back("Forecast: " + planWords(made) + ".");
    return answers;
}

} // namespace

report::Report forecastPage(const ForecastReport& made, const std::string& note)
{
    report::Report page{.title = "A forecast of larger rungs",
                        .facts = {counted(made.observed.runs, "run") + ", " +
                                  counted(made.observed.curves.size(), "curve") + " over capacity."},
                        .sections = {}};
    page.facts.insert(page.facts.end(), made.ground.origins.begin(), made.ground.origins.end());
    page.facts.emplace_back("All that lies beyond a measured rung is a forecast.");
    report::Section tested{"How it did where the truth is known", {}};
    report::Figure backTest = figureOf(made, &backTestPanel);
    if (backTest.panels.empty()) {
        tested.blocks.emplace_back(report::Paragraph{"No rung could be held out: a curve needs four rungs."});
    } else {
        backTest.title = "Held-out rungs";
        backTest.caption =
            "Every curve is cut after its third rung and later ones, and the rungs beyond are foretold; " +
            counted(made.cells.size(), "cell") + ". Intervals hold 90 % after widening by what other curves needed.";
        tested.blocks.emplace_back(std::move(backTest));
    }
    report::Section ahead{"Where the curves point", {}};
    report::Figure curves = figureOf(made, &curvesPanel);
    curves.title = "Beyond the largest rung";
    curves.caption = "Of each figure the first " + std::to_string(kMostCurves) +
                     " curves that could be fitted; dashed: the forecast with its 90 % interval" +
                     (made.cells.empty() ? ", as fitted." : ", widened where the back-test asks for it.");
    ahead.blocks.emplace_back(std::move(curves));
    report::Section figures{"All figures", {}};
    if (const auto rows = backTestRows(made); rows.size() > 1) {
        report::Table table{.title = "Back-test", .columns = {}, .rows = {rows.begin() + 1, rows.end()}};
        for (const std::string& heading : rows.front())
            table.columns.push_back({heading, table.columns.size() > 1});
        table.note = backTestNote(made);
        figures.blocks.emplace_back(std::move(table));
    }
    figures.blocks.emplace_back(report::Listing{"gradus forecast", aheadText(made)});
    report::Section question{"Question",
                             {report::Paragraph{"What would rungs larger than any that was measured reach, what would "
                                                "a ladder to them take, and how far can such forecasts be believed?"}}};
    page.sections = {std::move(question), report::answerSection(note, answersOf(made)),
                     std::move(tested),   std::move(ahead),
                     std::move(figures),  rerunSection(made.ground.again, made.ground.runs)};
    return page;
}

} // namespace gradus::app
