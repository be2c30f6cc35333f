// SPDX-License-Identifier: GPL-3.0-or-later
// A drawn figure read back: marks stand where their values say, and names are names.
#include "report/axis_scale.h"
#include "report/chart_svg.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <cstring>
#include <map>

#include <pugixml.hpp>

using namespace gradus;
using namespace gradus::report;

namespace {

std::vector<std::string> textsOf(const std::vector<Tick>& ticks)
{
    std::vector<std::string> texts;
    for (const Tick& tick : ticks)
        texts.push_back(tick.text);
    return texts;
}

using Texts = std::vector<std::string>;

/// A value axis read off its tick texts: pixels to values, as a reader of the picture does it.
struct ReadAxis
{
    double at0 = 0, value0 = 0, at1 = 0, value1 = 0;
    double valueAt(double pixel) const { return value0 + (pixel - at0) * (value1 - value0) / (at1 - at0); }
};

double numberOf(const char* text)
{
    return std::strtod(std::strncmp(text, "\u2212", 3) == 0 ? ("-" + std::string(text + 3)).c_str() : text, nullptr);
}

/// From the texts that end at the left of the plot (upright) or stand below it (sideways).
ReadAxis readAxis(const pugi::xml_document& document, bool sideways)
{
    std::map<double, double> ticks;
    for (const auto& found : document.select_nodes("//text")) {
        const pugi::xml_node node = found.node();
        const char* text = node.text().get();
        const bool number =
            std::isdigit(static_cast<unsigned char>(*text)) != 0 || std::strncmp(text, "\u2212", 3) == 0;
        const std::string anchor = node.attribute("text-anchor").value();
        if (!number || anchor != (sideways ? "middle" : "end")) continue;
        // A tick's text stands 4 px below its line.
        ticks[sideways ? node.attribute("x").as_double() : node.attribute("y").as_double() - 4] = numberOf(text);
    }
    if (ticks.size() < 2) return {};
    return {ticks.begin()->first, ticks.begin()->second, ticks.rbegin()->first, ticks.rbegin()->second};
}

pugi::xml_document parsed(const Figure& figure)
{
    pugi::xml_document document;
    const std::string svg = figureSvg(figure);
    if (!document.load_string(svg.c_str())) document.reset();
    return document;
}

class ChartSvgTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ticks_areRoundNumbersInsideTheRange()
    {
        QCOMPARE(textsOf(AxisScale(0, 1, false).ticks(5)), (Texts{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
        QCOMPARE(textsOf(AxisScale(-0.04, 0.07, false).ticks(4)), (Texts{"0.00", "0.05"}));
        QCOMPARE(textsOf(AxisScale(-3, 3, false).ticks(3)), (Texts{"\u22122", "0", "2"}));
        QCOMPARE(textsOf(AxisScale(1, 4, false).ticks(9, true)), (Texts{"1", "2", "3", "4"}));
        QCOMPARE(textsOf(AxisScale(900, 2e6, true).ticks(4)), (Texts{"1e3", "1e4", "1e5", "1e6"}));
        QVERIFY(AxisScale(0.5, 0.5, false).ticks(4).size() > 1);
        QCOMPARE(AxisScale(1, 100, true).at(10), 0.5);
    }

    void marksAndIntervals_standWhereTheirValuesSay_data()
    {
        QTest::addColumn<bool>("sideways");
        QTest::newRow("upright") << false;
        QTest::newRow("sideways") << true;
    }

    void marksAndIntervals_standWhereTheirValuesSay()
    {
        QFETCH(const bool, sideways);
        const std::vector<double> values = {0.25, 0.815, 0.6};
        ChartPanel panel{"utility", {}, {}};
        ChartSeries series{"a", 0};
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (sideways) panel.categories.push_back("condition " + std::to_string(i));
            series.points.push_back({.place = static_cast<double>(i),
                                     .value = values[i],
                                     .low = values[i] - 0.07,
                                     .high = values[i] + 0.11});
        }
        panel.series = {series};
        const pugi::xml_document document = parsed({"figure", "", {panel}});
        const ReadAxis axis = readAxis(document, sideways);
        QVERIFY(axis.at0 != axis.at1);
        std::vector<double> read;
        for (const auto& node : document.select_nodes("//circle"))
            read.push_back(axis.valueAt(node.node().attribute(sideways ? "cx" : "cy").as_double()));
        QCOMPARE(read.size(), values.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            QVERIFY2(std::abs(read[i] - values[i]) < 5e-4, qPrintable(QString::number(read[i])));
        std::size_t intervals = 0;
        for (const auto& node : document.select_nodes("//line[@class='g-s1']")) {
            const double low = axis.valueAt(node.node().attribute(sideways ? "x1" : "y1").as_double());
            const double high = axis.valueAt(node.node().attribute(sideways ? "x2" : "y2").as_double());
            QVERIFY(std::abs(low - (values[intervals] - 0.07)) < 5e-4);
            QVERIFY(std::abs(high - (values[intervals] + 0.11)) < 5e-4);
            ++intervals;
        }
        QCOMPARE(intervals, values.size());
    }

    void whatHasNoPlace_isLeftOutAndBreaksTheLine()
    {
        ChartSeries series{"a", 0};
        for (const double value : {1.0, std::nan(""), 3.0, 4.0})
            series.points.push_back({.place = static_cast<double>(series.points.size()), .value = value});
        ChartPanel panel{"x", {}, {}, {}, {series}};
        const pugi::xml_document broken = parsed({"f", "", {panel}});
        QCOMPARE(broken.select_nodes("//circle").size(), std::size_t{3});
        const std::string path = broken.select_node("//path[@class='g-s1']").node().attribute("d").value();
        QCOMPARE(std::count(path.begin(), path.end(), 'M'), 2);
        panel.value.logarithmic = true;
        panel.series[0].points[0].value = -1;
        QCOMPARE(parsed({"f", "", {panel}}).select_nodes("//circle").size(), std::size_t{2});
        QVERIFY(!parsed({"empty", "", {ChartPanel{"nothing", {}, {}}}}).empty());
    }

    void names_areTextAndControlCharactersAreShown()
    {
        const std::string name = "<script>alert(1)</script>\x1b[31m & \"\u202e";
        ChartPanel panel{name, {.label = name}, {}, {}, {{name, 0}, {"other", 1}}};
        panel.series[0].points.push_back({.place = 0, .value = 1, .words = name});
        panel.series[1].points.push_back({.place = 0, .value = 2});
        const std::string svg = figureSvg({name, "", {panel}});
        QVERIFY(svg.find("<script") == std::string::npos);
        QVERIFY(svg.find('\x1b') == std::string::npos);
        QVERIFY(svg.find("\u202e") == std::string::npos);
        QVERIFY(svg.find("&lt;script>") != std::string::npos || svg.find("&lt;script&gt;") != std::string::npos);
        pugi::xml_document document;
        QVERIFY(document.load_string(svg.c_str()));
    }

    void aLegend_namesEachSeriesOnceForAllPanels()
    {
        const ChartPanel panel{"p", {}, {}, {}, {{"first", 0}, {"second", 1}}};
        const pugi::xml_document document = parsed({"f", "", {panel, panel, panel}});
        QCOMPARE(document.select_nodes("//text[.='first']").size(), std::size_t{1});
        QCOMPARE(document.select_nodes("//text[.='second']").size(), std::size_t{1});
    }

    void aLegend_givesLongNamesWholeARowEach()
    {
        // What tells these curves apart stands at their end.
        const std::string first = "training.labels = 500, task.name = builtin:registers/code (builtin:registers/code)";
        const std::string second = "training.labels = 500, task.name = builtin:registers/math (builtin:registers/math)";
        Figure figure{"curves", "", {{"one", {.label = "x"}, {.label = "y"}}, {"two", {.label = "x"}, {.label = "y"}}}};
        for (ChartPanel& panel : figure.panels)
            panel.series = {{first, 0, true, false, {{.place = 1, .value = 0.5}}},
                            {second, 1, true, false, {{.place = 1, .value = 0.6}}}};
        const pugi::xml_document document = parsed(figure);
        double firstRow = -1;
        double secondRow = -1;
        for (const auto& found : document.select_nodes("//text")) {
            if (found.node().text().get() == first) firstRow = found.node().attribute("y").as_double();
            if (found.node().text().get() == second) secondRow = found.node().attribute("y").as_double();
        }
        QVERIFY(firstRow >= 0 && secondRow > firstRow);
    }

    void aGrid_coloursByValueAndLeavesWhatIsMissingBlank()
    {
        ChartPanel panel{"p", {}, {}};
        panel.grid = ChartGrid{"teacher", "student", {"a", "b"}, {"b", "<c>"}, {}};
        panel.grid->cells = {{GridCell{-0.1, "-0.1"}, GridCell{0.4, "0.4", "from a to c"}}, {{}, GridCell{0.2, "0.2"}}};
        const pugi::xml_document document = parsed({"f", "", {panel}});
        const auto cells = document.select_nodes("//rect");
        QCOMPARE(cells.size(), std::size_t{3});
        std::map<std::string, double> strengths;
        for (const auto& cell : cells) {
            // A cell's text is centred in it.
            const double centre =
                cell.node().attribute("x").as_double() + cell.node().attribute("width").as_double() / 2;
            const pugi::xml_node text = cell.node().next_sibling("text");
            QVERIFY(std::abs(text.attribute("x").as_double() - centre) < 0.02);
            QVERIFY(text.attribute("y").as_double() > cell.node().attribute("y").as_double());
            strengths[text.text().get()] = cell.node().attribute("fill-opacity").as_double();
        }
        QVERIFY(strengths.at("-0.1") < strengths.at("0.2"));
        QVERIFY(strengths.at("0.2") < strengths.at("0.4"));
        QCOMPARE(document.select_nodes("//text[.='<c>']").size(), std::size_t{1});
        QCOMPARE(document.select_nodes("//title[.='from a to c']").size(), std::size_t{2});
    }
};

} // namespace

GRADUS_SUITE(ChartSvgTest)

#include "chart_svg_test.moc"
