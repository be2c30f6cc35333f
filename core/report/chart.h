// SPDX-License-Identifier: GPL-3.0-or-later
// A figure of a report as data: panels of series with intervals, drawn by chart_svg. Plain structs.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gradus::report {

/// A value with what is known of its spread. The interval and the runs lie along the value axis.
struct ChartPoint
{
    double place = 0;                ///< on the place axis: a generation, a setting, the number of a category
    double value = 0;                ///< NaN leaves the point out
    std::optional<double> low = {};  ///< interval
    std::optional<double> high = {}; ///< given with low
    std::vector<double> runs = {};   ///< single observations behind it, drawn small
    std::string words = {};          ///< what a reader gets who points at it
};

struct ChartSeries
{
    std::string name;
    int style = 0;      ///< place in the colour cycle: the same condition looks the same in every panel
    bool joined = true; ///< a line from point to point
    bool dashed = false;
    std::vector<ChartPoint> points = {};
};

/// A level that values are held against.
struct ChartLevel
{
    double value = 0;
    std::string name;
    bool onPlaceAxis = false; ///< stands at a place instead of a value
};

struct ChartAxis
{
    std::string label = {};
    std::optional<double> least = {}; ///< else from the data
    std::optional<double> most = {};
    bool logarithmic = false; ///< values at or below 0 are left out
    bool whole = false;       ///< ticks at whole numbers alone
};

/// One cell of a matrix that is drawn.
struct GridCell
{
    double value = 0;
    std::string text;       ///< what stands in it
    std::string words = {}; ///< what a reader gets who points at it
};

/// A matrix as coloured cells: the stronger the colour, the greater the value.
struct ChartGrid
{
    std::string rowsAre;    ///< what the names at the left are
    std::string columnsAre; ///< and those above
    std::vector<std::string> rows;
    std::vector<std::string> columns;
    std::vector<std::vector<std::optional<GridCell>>> cells; ///< [row][column]; an empty one is left blank
};

/// One panel. With a grid it is that and nothing else. Without categories places run to the right and values upwards;
/// with categories these stand below each other at the left, place i is category i, and values run to the right.
struct ChartPanel
{
    std::string title;
    ChartAxis place;
    ChartAxis value;
    std::vector<std::string> categories = {};
    std::vector<ChartSeries> series = {};
    std::vector<ChartLevel> levels = {};
    std::optional<ChartGrid> grid = {};
};

struct Figure
{
    std::string title;
    std::string caption; ///< what is shown, n, what the intervals are
    std::vector<ChartPanel> panels;
};

} // namespace gradus::report
