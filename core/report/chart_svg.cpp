// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/chart_svg.h"

#include "report/axis_scale.h"
#include "report/grid_svg_impl.h"
#include "report/svg_pen_impl.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace gradus::report {

namespace {

constexpr double kPanelWidth = 468;
constexpr double kGapBetween = 24;
constexpr double kTop = 30;  ///< a panel's title
constexpr double kFoot = 40; ///< tick texts and the axis label
constexpr double kPlotHeight = 190;
constexpr double kRowHeight = 24; ///< of a category
constexpr double kLegendRow = 20;
constexpr double kTitleHeight = 26; ///< of the whole figure's title

bool isShown(const ChartPanel& panel, const ChartPoint& point)
{
    return std::isfinite(point.value) && (!panel.value.logarithmic || point.value > 0) &&
           (!panel.place.logarithmic || point.place > 0);
}

/// Every number that the value axis must hold.
std::vector<double> valuesOf(const ChartPanel& panel)
{
    std::vector<double> values;
    const auto add = [&](double value) {
        if (std::isfinite(value) && (!panel.value.logarithmic || value > 0)) values.push_back(value);
    };
    for (const ChartSeries& series : panel.series)
        for (const ChartPoint& point : series.points) {
            if (!isShown(panel, point)) continue;
            add(point.value);
            if (point.low) add(*point.low);
            if (point.high) add(*point.high);
            for (const double run : point.runs)
                add(run);
        }
    for (const ChartLevel& level : panel.levels)
        if (!level.onPlaceAxis) add(level.value);
    return values;
}

AxisScale valueScale(const ChartPanel& panel, int ticks)
{
    const std::vector<double> values = valuesOf(panel);
    double least = 0;
    double most = 1;
    if (!values.empty()) {
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        least = *low, most = *high;
    }
    if (panel.value.logarithmic) return {least > 0 ? least / 1.3 : 0.1, most > 0 ? most * 1.3 : 1, true};
    // The ends that the panel sets hold only as far as nothing lies beyond them.
    least = std::min(least, panel.value.least.value_or(least));
    most = std::max(most, panel.value.most.value_or(most));
    const AxisScale scale = roundScale(least, most, ticks);
    // Shares have no room beyond their ends.
    if (least >= 0 && most <= 1) return {std::max(scale.least(), 0.0), std::min(scale.most(), 1.0), false};
    return scale;
}

AxisScale placeScale(const ChartPanel& panel)
{
    double least = INFINITY;
    double most = -INFINITY;
    for (const ChartSeries& series : panel.series)
        for (const ChartPoint& point : series.points)
            if (isShown(panel, point)) {
                least = std::min(least, point.place);
                most = std::max(most, point.place);
            }
    if (least > most) least = 0, most = 1;
    if (panel.place.logarithmic) return {least / 1.15, most * 1.15, true};
    const double room = most > least ? 0.04 * (most - least) : 0.5;
    return {std::min(least - room, panel.place.least.value_or(least)),
            std::max(most + room, panel.place.most.value_or(most)), false};
}

/// Where values and places of a panel lie, in its own pixels.
struct Layout
{
    double left, top, width, height;
    AxisScale value;
    AxisScale place;
    bool sideways;
    double aside = 0; ///< pixels by which the series now drawn stands beside its place

    double x(double place_, double value_) const
    {
        return left + aside + width * (sideways ? value.at(value_) : place.at(place_));
    }
    double y(double place_, double value_) const
    {
        return sideways ? top + (place_ + 0.5) * kRowHeight : top + height * (1 - value.at(value_));
    }
};

double plotHeight(const ChartPanel& panel)
{
    return panel.categories.empty() ? kPlotHeight : kRowHeight * static_cast<double>(panel.categories.size());
}

Layout layoutOf(const ChartPanel& panel)
{
    const bool sideways = !panel.categories.empty();
    double left = 44;
    if (sideways) {
        std::size_t longest = 0;
        for (const std::string& name : panel.categories)
            longest = std::max(longest, characterCount(elided(visible(name))));
        left = 10 + kLetter * static_cast<double>(longest);
    }
    const double right = 14;
    return {left,
            kTop,
            kPanelWidth - left - right,
            plotHeight(panel),
            valueScale(panel, sideways ? 5 : 4),
            placeScale(panel),
            sideways};
}

void drawAxes(Pen& pen, const ChartPanel& panel, const Layout& at)
{
    const double bottom = at.top + at.height;
    for (const Tick& tick : at.value.ticks(at.sideways ? 5 : 4, panel.value.whole)) {
        if (at.sideways) {
            const double x = at.x(0, tick.value);
            pen.line(x, at.top, x, bottom, "g-grid", kGrid);
            pen.text(x, bottom + 15, tick.text, "middle");
        } else {
            const double y = at.y(0, tick.value);
            pen.line(at.left, y, at.left + at.width, y, "g-grid", kGrid);
            pen.text(at.left - 6, y + 4, tick.text, "end");
        }
    }
    if (at.sideways) {
        for (std::size_t i = 0; i < panel.categories.size(); ++i) {
            const std::string name = visible(panel.categories[i]);
            auto node =
                pen.text(at.left - 8, at.y(static_cast<double>(i), 0) + 4, elided(name), "end", "g-text", kText);
            if (elided(name) != name) addTip(node, name);
        }
        pen.text(at.left + at.width, bottom + 32, panel.value.label, "end");
    } else {
        for (const Tick& tick : at.place.ticks(6, panel.place.whole))
            pen.text(at.x(tick.value, 0), bottom + 15, tick.text, "middle");
        pen.text(at.left + at.width, bottom + 32, panel.place.label, "end");
    }
    pen.line(at.left, bottom, at.left + at.width, bottom, "g-edge", kEdge);
}

void drawLevels(Pen& pen, const ChartPanel& panel, const Layout& at)
{
    for (const ChartLevel& level : panel.levels) {
        const bool upright = at.sideways != level.onPlaceAxis;
        const double x = at.sideways ? at.x(0, level.value) : at.x(level.value, 0);
        const double y = at.y(0, level.value);
        auto node = upright ? pen.line(x, at.top, x, at.top + at.height, "g-level", kText2)
                            : pen.line(at.left, y, at.left + at.width, y, "g-level", kText2);
        node.append_attribute("stroke-dasharray") = "2 3";
        addTip(node, level.name);
        if (upright)
            pen.text(x > at.left + 0.7 * at.width ? x - 4 : x + 4, at.top - 3, level.name,
                     x > at.left + 0.7 * at.width ? "end" : "start");
        else
            pen.text(at.left + at.width, y - 4, level.name, "end");
    }
}

void drawSeries(Pen& pen, const ChartPanel& panel, const ChartSeries& series, const Layout& at)
{
    std::string path;
    bool within = false;
    for (const ChartPoint& point : series.points) {
        if (!isShown(panel, point)) {
            within = false;
            continue;
        }
        path += (within ? " L" : "M") + svgNumber(at.x(point.place, point.value)) + " " +
                svgNumber(at.y(point.place, point.value));
        within = true;
    }
    if (series.joined && !path.empty()) pen.path(path, series.style, series.dashed);
    for (const ChartPoint& point : series.points) {
        if (!isShown(panel, point)) continue;
        if (point.low && point.high)
            pen.stroke(at.x(point.place, *point.low), at.y(point.place, *point.low), at.x(point.place, *point.high),
                       at.y(point.place, *point.high), series.style);
        for (const double run : point.runs) {
            pen.dot(at.x(point.place, run), at.y(point.place, run), series.style);
        }
        addTip(pen.marker(at.x(point.place, point.value), at.y(point.place, point.value), series.style, 3.4),
               point.words);
    }
}

struct LegendEntry
{
    std::string name;
    int style;
    bool dashed;
};

/// Series of panels with an axis of places, once each; what stands at the left of a sideways panel names itself.
std::vector<LegendEntry> legendOf(const Figure& figure)
{
    std::vector<LegendEntry> entries;
    for (const ChartPanel& panel : figure.panels)
        for (const ChartSeries& series : panel.series) {
            const bool known = std::any_of(entries.begin(), entries.end(), [&](const LegendEntry& entry) {
                return entry.name == series.name && entry.style == series.style;
            });
            if (panel.categories.empty() && !series.name.empty() && !known)
                entries.push_back({series.name, series.style, series.dashed});
        }
    return entries.size() > 1 ? entries : std::vector<LegendEntry>{};
}

/// Draws it from the top left and returns its height.
double drawLegend(Pen& pen, const std::vector<LegendEntry>& entries, double width)
{
    constexpr double kKey = 34; // line, marker and the space around them
    double x = 0;
    double y = 0;
    for (const LegendEntry& entry : entries) {
        // A name may take a row of its own: what tells curves apart often stands at its end.
        const std::string whole = visible(entry.name);
        const std::string name = elided(whole, static_cast<std::size_t>((width - kKey) / kLetter));
        const double room = kKey + kLetter * static_cast<double>(characterCount(name));
        if (x > 0 && x + room > width) x = 0, y += kLegendRow;
        pen.path("M" + svgNumber(x) + " " + svgNumber(y + 8) + " h22", entry.style, entry.dashed);
        pen.marker(x + 11, y + 8, entry.style, 3.4);
        auto node = pen.text(x + 28, y + 12, name, "start", "g-text", kText);
        if (name != whole) addTip(node, whole);
        x += room;
    }
    return entries.empty() ? 0 : y + kLegendRow + 8;
}

/// Draws it from the top left and returns its height.
double drawPanel(Pen& pen, const ChartPanel& panel)
{
    pen.text(0, 14, panel.title, "start", "g-text", kText, true);
    if (panel.grid) return drawGrid(pen, *panel.grid, kTop, kPanelWidth);
    Layout at = layoutOf(panel);
    drawAxes(pen, panel, at);
    drawLevels(pen, panel, at);
    for (std::size_t k = 0; k < panel.series.size(); ++k) {
        // At whole places intervals of several series would stand on each other.
        if (panel.place.whole)
            at.aside = 4 * (static_cast<double>(k) - static_cast<double>(panel.series.size() - 1) / 2);
        drawSeries(pen, panel, panel.series[k], at);
    }
    return kTop + plotHeight(panel) + kFoot;
}

} // namespace

std::string figureSvg(const Figure& figure, bool titled)
{
    const bool single = figure.panels.size() == 1;
    const double width = single ? kPanelWidth : 2 * kPanelWidth + kGapBetween;
    pugi::xml_document document;
    pugi::xml_node svg = document.append_child("svg");
    svg.append_attribute("xmlns") = "http://www.w3.org/2000/svg";
    svg.append_attribute("role") = "img";
    svg.append_attribute("font-family") = "Inter, Noto Sans, sans-serif";
    addTip(svg, figure.title);
    Pen pen(svg);
    double y = 0;
    if (titled) {
        pen.text(0, 12, figure.title, "start", "g-text", kText, true);
        y = kTitleHeight;
    }
    Pen below(pen.group(0, y));
    y += drawLegend(below, legendOf(figure), width);
    for (std::size_t i = 0; i < figure.panels.size(); i += 2) {
        double height = 0;
        for (std::size_t j = i; j < std::min(i + 2, figure.panels.size()); ++j) {
            const ChartPanel& panel = figure.panels[j];
            Pen inner(pen.group(static_cast<double>(j - i) * (kPanelWidth + kGapBetween), y));
            height = std::max(height, drawPanel(inner, panel));
        }
        y += height + (i + 2 < figure.panels.size() ? 12 : 0);
    }
    svg.append_attribute("viewBox") = ("0 0 " + svgNumber(width) + " " + svgNumber(y)).c_str();
    svg.append_attribute("width") = svgNumber(width).c_str();
    svg.append_attribute("height") = svgNumber(y).c_str();
    std::ostringstream text;
    svg.print(text, "", pugi::format_raw);
    return text.str();
}

} // namespace gradus::report
