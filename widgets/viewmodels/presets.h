// SPDX-License-Identifier: GPL-3.0-or-later
// Whole curves by the names that the field gives them. Pure.
#pragma once

#include "schedule/curve.h"

namespace gradus::viewmodels {

enum class Preset
{
    Constant,
    ConstantWithWarmup, ///< rises over the first tenth
    Linear,
    Cosine,
    CosineRestarts, ///< three times over
    Polynomial,     ///< of the second power
    Exponential,
    InverseSqrt,
    Steps, ///< four, evenly spaced
    Sigmoid,
    OneCycle,          ///< there by three tenths, and back
    Triangular,        ///< there and back, three times
    Square,            ///< one and the other in turn, three times
    WarmupStableDecay, ///< there over a tenth, back over the last fifth
};

/// A curve of that form from the first to the last of two values, both above 0; what goes there and back ends at the
/// first. Only constant, linear, steps, square, triangular and the straight parts are exact; the rest are Bezier curves
/// through a few values of the function, at most 0.02 of the way off it.
schedule::Curve presetCurve(Preset preset, double first, double last);

} // namespace gradus::viewmodels
