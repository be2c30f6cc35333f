// SPDX-License-Identifier: GPL-3.0-or-later
// Draws a figure as SVG that any reader of SVG 1.1 shows: no script, no style sheet needed, nothing loaded.
#pragma once

#include "report/chart.h"

#include <string>

namespace gradus::report {

/// One <svg> element, panels two in a row below a shared legend. Colours are presentation attributes for a light page;
/// every element also has a class (g-text, g-grid, g-s1 ...), so that a page's style sheet can recolour it for a dark
/// one. Names are escaped; control characters in them are made visible.
/// titled: its title stands above it in the drawing itself.
std::string figureSvg(const Figure& figure, bool titled = false);

/// Colour of a series for a light and for a dark page, "#rrggbb"; repeats after eight.
std::string seriesColour(int style, bool dark);

} // namespace gradus::report
