// SPDX-License-Identifier: GPL-3.0-or-later
// The colours, type sizes and series styles of the visual language; nothing else in the window names a colour.
#pragma once

#include <QColor>
#include <QFont>
#include <QVector>

#include <array>

namespace gradus::common {

/// The mark drawn at an evaluation. It is part of a series, because colour alone is not safe in this cycle.
enum class Marker
{
    Disc,
    Square,
    UpTriangle,
    Diamond,
    DownTriangle,
    Plus,
    Cross,
    Ring,
};

struct SeriesStyle
{
    QColor line;         ///< 3:1 on surface and window
    QColor label;        ///< the same hue as text: 4.5:1 on surface
    QVector<qreal> dash; ///< empty: solid; else lengths in pixels for a pen of width 1
    Marker marker = Marker::Disc;
};

inline constexpr int kSeriesCount = 8;

/// One theme. Values are those of the design tokens; contrast floors are tested.
struct Tokens
{
    QColor window, surface, surface2, raised, border, grid;
    QColor text, text2, text3;
    QColor accent, accentWeak, onAccent;
    QColor ok, okWeak, warn, warnWeak, danger, dangerWeak, violetWeak;
    std::array<SeriesStyle, kSeriesCount> series; ///< s1..s8
    bool dark = false;

    /// s1 for 0; from the ninth series on colours repeat (draw those with hollow markers).
    const SeriesStyle& seriesAt(int index) const { return series[static_cast<std::size_t>(index) % kSeriesCount]; }
};

Tokens lightTokens();
Tokens darkTokens();

/// WCAG 2 contrast ratio of two opaque colours, 1..21.
double contrastRatio(const QColor& a, const QColor& b);
/// colour over background at an opacity of 0..1, as an opaque colour.
QColor blended(const QColor& colour, const QColor& background, double opacity);

/// What a piece of text is; its size and weight follow (pixels, so that row heights hold).
enum class Type
{
    Heading,     ///< 18, 600: a page's heading
    CardTitle,   ///< 14, 600
    Body,        ///< 13: table cells, buttons, menus
    BodyMedium,  ///< 13, 500: names in lists
    BodyStrong,  ///< 13, 600: selected name, primary button
    Small,       ///< 12: secondary lines, status bar
    SmallStrong, ///< 12, 600: dock and section titles, table headers
    Chart,       ///< 11: chart labels, rail; nothing is smaller
    ChartStrong, ///< 11, 600
    Mono,        ///< 12: keys, paths, code
    MonoLog,     ///< 11
};

/// The window's face: Inter, else Noto Sans, else the system's.
QFont typeFont(Type type);
/// The same size in a face whose digits all have the same width: for numeric cells, axes and values that change.
QFont numericFont(Type type);

} // namespace gradus::common
