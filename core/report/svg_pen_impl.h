// SPDX-License-Identifier: GPL-3.0-or-later
// The strokes that charts are made of, as SVG elements with the colours of a light page and classes for another one.
#pragma once

#include <string>

#include <pugixml.hpp>

namespace gradus::report {

inline constexpr const char* kText = "#1a212c";
inline constexpr const char* kText2 = "#526070";
inline constexpr const char* kGrid = "#e6e9ee";
inline constexpr const char* kEdge = "#d6dbe2";

inline constexpr std::size_t kLongestName = 34; ///< characters of a name beside an axis
inline constexpr double kLetter = 6.1; ///< mean advance of the 11 px face; good enough to leave room, never to align

std::string svgNumber(double value); ///< two decimals
/// A name as it is drawn: at most 34 characters.
std::string elided(const std::string& name, std::size_t most = kLongestName);
/// Shown by whoever points at the element; nothing for empty words.
void addTip(pugi::xml_node node, const std::string& words);

/// Appends to one element. Lengths in SVG units (pixels), y downwards; style: place in the cycle of series.
class Pen final
{
public:
    explicit Pen(pugi::xml_node parent) : m_parent(parent) {}

    pugi::xml_node group(double x, double y);
    pugi::xml_node line(double x1, double y1, double x2, double y2, const char* look, const char* colour,
                        double width = 1);
    /// anchor: "start" | "middle" | "end"
    pugi::xml_node text(double x, double y, const std::string& words, const char* anchor, const char* look = "g-text2",
                        const char* colour = kText2, bool strong = false);
    /// Disc, square, triangle, diamond in turn: colour alone does not tell series apart for everyone.
    pugi::xml_node marker(double x, double y, int style, double size);
    /// One observation behind a marker: small and pale.
    void dot(double x, double y, int style);
    pugi::xml_node path(const std::string& d, int style, bool dashed);
    /// A filled cell; strength from 0 (pale) to 1, always pale enough for text on it.
    pugi::xml_node cell(double x, double y, double width, double height, double strength);
    pugi::xml_node stroke(double x1, double y1, double x2, double y2, int style);

private:
    pugi::xml_node m_parent;
};

} // namespace gradus::report
