// SPDX-License-Identifier: GPL-3.0-or-later
// A report as one HTML file that needs nothing else: no script, no font, no address. Names from files are escaped.
#pragma once

#include "report/report.h"

#include <string>
#include <vector>

namespace gradus::report {

/// The whole page, light and dark by the reader's preference, and fit to be printed.
std::string htmlOf(const Report& report);

/// For a renderer of simple rich text (the window's PDF): the body with few elements and no style sheet; figures are
/// left out and stand as paragraphs of this one character, in order.
inline constexpr char kFigurePlace[] = "\uFFFC";
struct SimpleHtml
{
    std::string body;
    std::vector<std::string> figures; ///< SVG, one a kFigurePlace
};
SimpleHtml simpleHtmlOf(const Report& report);

} // namespace gradus::report
