// SPDX-License-Identifier: GPL-3.0-or-later
// Whole curves by the names that the field gives them. Pure.
#pragma once

#include "schedule/curve.h"

#include <optional>
#include <string_view>
#include <vector>

namespace gradus::schedule {

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
Curve presetCurve(Preset preset, double first, double last);

struct NamedPreset
{
    Preset preset;
    const char* name; ///< as commands and files write it: "cosine-restarts"
};
/// All of them, in the order of menus.
const std::vector<NamedPreset>& builtInPresets();
std::optional<Preset> presetNamed(std::string_view name);

/// The lowest and the highest value of a curve over the run.
struct Extent
{
    double low = 0;
    double high = 0;
};
Extent extentOf(const Curve& curve);
/// The same shape with its lowest value at extent.low and its highest at extent.high. Bad input where the curve or the
/// extent is level: a shape without height cannot be stretched.
Result<Curve> stretchedTo(const Curve& curve, const Extent& extent);

} // namespace gradus::schedule
