// SPDX-License-Identifier: GPL-3.0-or-later
// A view of a comparison as a file (.gradusview): which runs, how they become curves, which charts are shown.
#pragma once

#include "base/result.h"
#include "viewmodels/compare_curves.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradus::viewmodels {

/// 2: a range of x; 3: smoothing of other kinds than the exponential average; 4: contrasts. A view is written as the
/// oldest that has what it needs.
inline constexpr int kViewVersion = 4;

struct ViewFile
{
    std::vector<std::string> runs = {}; ///< run ids or experiments by name; empty: the newest experiment
    std::string tab = "charts";
    std::vector<std::string> cards = {};   ///< series shown, by name; empty: all
    CurveOptions curves = {};              ///< its baseline is not looked at: an index means nothing in a file
    std::string baseline = {};             ///< label of a group; empty: the first
    std::vector<std::string> against = {}; ///< contrasts besides those of files, as typed: "A=B" is A minus B
    std::optional<std::pair<double, double>> range = {}; ///< of x, in the unit of the curves; none: all there is
    std::string theme = {};                              ///< "light" | "dark"; empty: as it is
    int width = 1440;                                    ///< of a picture, in pixels
    int height = 900;

    friend bool operator==(const ViewFile&, const ViewFile&);
};

/// TOML. Bad input, with file, line and column: malformed text, a key or word that is not known, a newer version.
Result<ViewFile> parseView(const std::string& text, const std::string& file);
/// Reads a file of at most 1 MiB.
Result<ViewFile> loadView(const std::string& path);
/// The text that reads back equal.
std::string viewText(const ViewFile& view);

} // namespace gradus::viewmodels
