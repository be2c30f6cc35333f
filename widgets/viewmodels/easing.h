// SPDX-License-Identifier: GPL-3.0-or-later
// Ways to run from one key to the next by name or by cubic-bezier numbers, and as edits of segments. Pure.
#pragma once

#include "viewmodels/curve_edit.h"

#include <QString>

#include <optional>
#include <vector>

namespace gradus::viewmodels {

/// A segment's shape in its own unit square. x1 and x2 lie in 0..1; y1 and y2 may lie beyond (the curve then overshoots
/// its keys). The families beyond the third power are fits: at most 0.035 of the way off the function they are named
/// after (tests hold them to it).
struct Easing
{
    QString name; ///< "linear", "hold", "cubic in-out"; empty for typed numbers
    schedule::Interpolation interpolation = schedule::Interpolation::Bezier; ///< Linear and Constant take no numbers
    double x1 = 0, y1 = 0, x2 = 1, y2 = 1;

    friend bool operator==(const Easing&, const Easing&) = default;
};

/// linear, hold, smoothstep; then sine, quad, cubic, quart, quint, expo and circ, each in, out and in-out.
const std::vector<Easing>& easings();

/// "cubic-bezier(0.4, 0, 0.6, 1)", four numbers, or a name of easings(). Nothing where it is neither.
std::optional<Easing> typedEasing(const QString& text);
/// The numbers of the segment right of a key, "cubic-bezier(0.44, 0.11, 0.62, 0.92)"; "linear" and "hold" by name;
/// empty where the segment is level or there is none.
QString easingText(const schedule::Curve& curve, int index);

/// The segments right of the keys run that way.
schedule::Curve withEasing(const schedule::Curve& curve, const KeyIndices& indices, const Easing& easing);
/// The shape over the unit square, as the evaluator draws it.
schedule::Curve unitCurve(const Easing& easing);

} // namespace gradus::viewmodels
