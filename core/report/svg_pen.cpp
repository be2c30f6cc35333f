// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/svg_pen_impl.h"

#include "report/chart_svg.h"

#include "base/series_palette.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace gradus::report {

namespace {

constexpr std::array<const char*, kSeriesOnLight.size()> kDashes = {"",        "5 3",  "2 2",     "6 2 2 2",
                                                                    "8 3 2 3", "10 4", "4 2 1 2", "1 3"};

std::size_t placeOf(int style)
{
    return static_cast<std::size_t>(style) % kSeriesOnLight.size();
}

constexpr double kPalest = 0.06; ///< opacity of a cell's colour: between these, text on it keeps its contrast
constexpr double kStrongest = 0.55;

/// "g-s1": the class by which a page may recolour it.
std::string classOf(const char* kind, int style)
{
    return kind + std::to_string(placeOf(style) + 1);
}

void set(pugi::xml_node node, const char* name, double value)
{
    node.append_attribute(name) = svgNumber(value).c_str();
}

} // namespace

std::string seriesColour(int style, bool dark)
{
    char text[8];
    std::snprintf(text, sizeof text, "#%06x", dark ? kSeriesOnDark[placeOf(style)] : kSeriesOnLight[placeOf(style)]);
    return text;
}

std::string svgNumber(double value)
{
    return fixedText(value, 2);
}

std::string elided(const std::string& name, std::size_t most)
{
    if (characterCount(name) <= most) return name;
    std::string kept;
    std::string_view rest = name;
    for (std::size_t i = 0; i + 1 < most && !rest.empty(); ++i) {
        const std::size_t length = std::max<std::size_t>(1, firstCodePoint(rest).length);
        kept += rest.substr(0, length);
        rest.remove_prefix(length);
    }
    return kept + "…";
}

void addTip(pugi::xml_node node, const std::string& words)
{
    if (!words.empty())
        node.append_child("title").append_child(pugi::node_pcdata).set_value(visible(words, 400).c_str());
}

pugi::xml_node Pen::group(double x, double y)
{
    pugi::xml_node node = m_parent.append_child("g");
    node.append_attribute("transform") = ("translate(" + svgNumber(x) + "," + svgNumber(y) + ")").c_str();
    return node;
}

pugi::xml_node Pen::line(double x1, double y1, double x2, double y2, const char* look, const char* colour, double width)
{
    pugi::xml_node node = m_parent.append_child("line");
    set(node, "x1", x1), set(node, "y1", y1), set(node, "x2", x2), set(node, "y2", y2);
    node.append_attribute("class") = look;
    node.append_attribute("stroke") = colour;
    set(node, "stroke-width", width);
    return node;
}

pugi::xml_node Pen::text(double x, double y, const std::string& words, const char* anchor, const char* look,
                         const char* colour, bool strong)
{
    pugi::xml_node node = m_parent.append_child("text");
    set(node, "x", x), set(node, "y", y);
    node.append_attribute("text-anchor") = anchor;
    node.append_attribute("class") = look;
    node.append_attribute("fill") = colour;
    node.append_attribute("font-size") = strong ? "12" : "11";
    if (strong) node.append_attribute("font-weight") = "600";
    node.append_child(pugi::node_pcdata).set_value(visible(words, 400).c_str());
    return node;
}

pugi::xml_node Pen::marker(double x, double y, int style, double size)
{
    pugi::xml_node node;
    if (style % 4 == 0) {
        node = m_parent.append_child("circle");
        set(node, "cx", x), set(node, "cy", y), set(node, "r", size);
    } else {
        node = m_parent.append_child("path");
        const double s = size;
        std::string path;
        if (style % 4 == 1)
            path = "M" + svgNumber(x - s) + " " + svgNumber(y - s) + "h" + svgNumber(2 * s) + "v" + svgNumber(2 * s) +
                   "h" + svgNumber(-2 * s) + "z";
        else if (style % 4 == 2)
            path = "M" + svgNumber(x) + " " + svgNumber(y - 1.2 * s) + "L" + svgNumber(x + 1.2 * s) + " " +
                   svgNumber(y + s) + "L" + svgNumber(x - 1.2 * s) + " " + svgNumber(y + s) + "z";
        else
            path = "M" + svgNumber(x) + " " + svgNumber(y - 1.3 * s) + "L" + svgNumber(x + 1.3 * s) + " " +
                   svgNumber(y) + "L" + svgNumber(x) + " " + svgNumber(y + 1.3 * s) + "L" + svgNumber(x - 1.3 * s) +
                   " " + svgNumber(y) + "z";
        node.append_attribute("d") = path.c_str();
    }
    node.append_attribute("class") = classOf("g-f", style).c_str();
    node.append_attribute("fill") = seriesColour(style, false).c_str();
    return node;
}

void Pen::dot(double x, double y, int style)
{
    pugi::xml_node node = m_parent.append_child("circle");
    set(node, "cx", x), set(node, "cy", y), set(node, "r", 2);
    node.append_attribute("class") = classOf("g-f", style).c_str();
    node.append_attribute("fill") = seriesColour(style, false).c_str();
    node.append_attribute("fill-opacity") = "0.35";
}

pugi::xml_node Pen::path(const std::string& d, int style, bool dashed)
{
    pugi::xml_node node = m_parent.append_child("path");
    node.append_attribute("d") = d.c_str();
    node.append_attribute("class") = classOf("g-s", style).c_str();
    node.append_attribute("fill") = "none";
    node.append_attribute("stroke") = seriesColour(style, false).c_str();
    set(node, "stroke-width", 1.4);
    const char* dash = dashed ? "3 3" : kDashes[placeOf(style)];
    if (*dash != '\0') node.append_attribute("stroke-dasharray") = dash;
    return node;
}

pugi::xml_node Pen::cell(double x, double y, double width, double height, double strength)
{
    pugi::xml_node node = m_parent.append_child("rect");
    set(node, "x", x), set(node, "y", y), set(node, "width", width), set(node, "height", height);
    set(node, "rx", 2);
    node.append_attribute("class") = classOf("g-f", 0).c_str();
    node.append_attribute("fill") = seriesColour(0, false).c_str();
    set(node, "fill-opacity", kPalest + (kStrongest - kPalest) * std::clamp(strength, 0.0, 1.0));
    return node;
}

pugi::xml_node Pen::stroke(double x1, double y1, double x2, double y2, int style)
{
    return line(x1, y1, x2, y2, classOf("g-s", style).c_str(), seriesColour(style, false).c_str(), 1.4);
}

} // namespace gradus::report
