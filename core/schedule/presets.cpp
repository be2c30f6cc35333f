// SPDX-License-Identifier: GPL-3.0-or-later
#include "schedule/presets.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

namespace gradus::schedule {

namespace {

constexpr int kExtentSamples = 1025;
constexpr double kPi = 3.14159265358979323846;
constexpr double kWarmup = 0.1; ///< of the run
constexpr int kTurns = 3;
constexpr double kJump = 0.004; ///< of the run: a restart is a fall this short, because two keys never share a place

Curve fromFunction(const std::function<double(double)>& value, const std::function<double(double)>& slope, int keys)
{
    Curve curve;
    const double third = 1.0 / (3 * (keys - 1));
    for (int i = 0; i < keys; ++i) {
        const double x = samplePosition(0, 1, i, keys);
        const double rise = slope(x) * third;
        curve.keys.push_back({x, value(x), Interpolation::Bezier, {-third, -rise}, {third, rise}});
    }
    return curve;
}

Curve sigmoid(double first, double last)
{
    constexpr double kSteepness = 10; // from 0.7 % to 99.3 % before the ends are pinned
    const auto raw = [](double x) { return 1 / (1 + std::exp(-kSteepness * (x - 0.5))); };
    const double low = raw(0);
    const double span = raw(1) - low;
    return fromFunction([=](double x) { return first + (last - first) * (raw(x) - low) / span; },
                        [=](double x) {
                            const double s = raw(x);
                            return (last - first) * kSteepness * s * (1 - s) / span;
                        },
                        7);
}

/// From the first value (0) to the last (1) along a shape over the unit square.
Curve shaped(double first, double last, const std::function<double(double)>& shape,
             const std::function<double(double)>& slope, int keys)
{
    return fromFunction([=](double x) { return first + (last - first) * shape(x); },
                        [=](double x) { return (last - first) * slope(x); }, keys);
}

Curve through(const std::vector<std::pair<double, double>>& points, Interpolation interpolation)
{
    Curve curve;
    for (const auto& [x, y] : points)
        curve.keys.push_back({.x = x, .y = y, .interpolation = interpolation});
    return curve;
}

double cosineRise(double x)
{
    return (1 - std::cos(kPi * x)) / 2;
}

Curve cosineRestarts(double first, double last)
{
    Curve curve;
    const Curve once = shaped(
        first, last, cosineRise, [](double x) { return kPi * std::sin(kPi * x) / 2; }, 5);
    for (int turn = 0; turn < kTurns; ++turn) {
        const double begin = static_cast<double>(turn) / kTurns + (turn > 0 ? kJump : 0);
        const double length = static_cast<double>(turn + 1) / kTurns - begin;
        if (turn > 0) curve.keys.back().interpolation = Interpolation::Linear;
        for (Key key : once.keys) {
            key.x = begin + length * key.x;
            key.left.dx *= length;
            key.right.dx *= length;
            curve.keys.push_back(key);
        }
    }
    curve.keys.back().x = 1; // thirds add up to a bit less or more
    return curve;
}

/// The two values in turn, kTurns times each, at equal distances; the end is the first one again.
Curve inTurn(double first, double last, Interpolation interpolation)
{
    std::vector<std::pair<double, double>> points;
    for (int i = 0; i < 2 * kTurns; ++i)
        points.emplace_back(i / (2.0 * kTurns), i % 2 == 0 ? first : last);
    points.emplace_back(1.0, interpolation == Interpolation::Constant ? last : first);
    return through(points, interpolation);
}

} // namespace

Curve presetCurve(Preset preset, double first, double last)
{
    switch (preset) {
    case Preset::Constant:
        return through({{0, first}, {1, first}}, Interpolation::Constant);
    case Preset::ConstantWithWarmup:
        return through({{0, first}, {kWarmup, last}, {1, last}}, Interpolation::Linear);
    case Preset::Linear:
        return through({{0, first}, {1, last}}, Interpolation::Linear);
    case Preset::Cosine:
        return shaped(
            first, last, cosineRise, [](double x) { return kPi * std::sin(kPi * x) / 2; }, 5);
    case Preset::CosineRestarts:
        return cosineRestarts(first, last);
    case Preset::Polynomial:
        return shaped(
            first, last, [](double x) { return 1 - (1 - x) * (1 - x); }, [](double x) { return 2 * (1 - x); }, 2);
    case Preset::Exponential: {
        const double rate = std::log(last / first);
        return fromFunction([=](double x) { return first * std::exp(rate * x); },
                            [=](double x) { return first * rate * std::exp(rate * x); }, 5);
    }
    case Preset::InverseSqrt:
        // 1 / sqrt(1 + 8 x) falls to a third of where it began.
        return shaped(
            first, last, [](double x) { return 1.5 * (1 - 1 / std::sqrt(1 + 8 * x)); },
            [](double x) { return 6 / std::pow(1 + 8 * x, 1.5); }, 9);
    case Preset::Steps: {
        std::vector<std::pair<double, double>> points;
        for (int i = 0; i < 4; ++i)
            points.emplace_back(i / 4.0, first + (last - first) * i / 3);
        points.emplace_back(1.0, last);
        return through(points, Interpolation::Constant);
    }
    case Preset::Sigmoid:
        return sigmoid(first, last);
    case Preset::OneCycle:
        return through({{0, first}, {0.3, last}, {1, first}}, Interpolation::Monotone);
    case Preset::Triangular:
        return inTurn(first, last, Interpolation::Linear);
    case Preset::Square:
        return inTurn(first, last, Interpolation::Constant);
    case Preset::WarmupStableDecay:
        return through({{0, first}, {kWarmup, last}, {0.8, last}, {1, first}}, Interpolation::Linear);
    }
    return {};
}

const std::vector<NamedPreset>& builtInPresets()
{
    static const std::vector<NamedPreset> all{{Preset::Constant, "constant"},
                                              {Preset::ConstantWithWarmup, "constant-with-warmup"},
                                              {Preset::Linear, "linear"},
                                              {Preset::Cosine, "cosine"},
                                              {Preset::CosineRestarts, "cosine-restarts"},
                                              {Preset::Polynomial, "polynomial"},
                                              {Preset::Exponential, "exponential"},
                                              {Preset::InverseSqrt, "inverse-sqrt"},
                                              {Preset::Steps, "steps"},
                                              {Preset::Sigmoid, "sigmoid"},
                                              {Preset::OneCycle, "one-cycle"},
                                              {Preset::Triangular, "triangular"},
                                              {Preset::Square, "square"},
                                              {Preset::WarmupStableDecay, "warmup-stable-decay"}};
    return all;
}

std::optional<Preset> presetNamed(std::string_view name)
{
    for (const NamedPreset& known : builtInPresets())
        if (known.name == name) return known.preset;
    return std::nullopt;
}

Extent extentOf(const Curve& curve)
{
    const auto samples = Evaluator(curve).sample(0, 1, kExtentSamples);
    const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
    Extent extent{*low, *high};
    for (const Key& key : curve.keys) {
        extent.low = std::min(extent.low, key.y);
        extent.high = std::max(extent.high, key.y);
    }
    return extent;
}

Result<Curve> stretchedTo(const Curve& curve, const Extent& extent)
{
    const Extent own = extentOf(curve);
    if (!(own.high > own.low))
        return badInput("The preset is level, so it cannot be stretched; use it as it was saved.");
    if (!(extent.high > extent.low))
        return badInput("The curve here is level, so there is nothing to stretch the preset between; draw its lowest "
                        "and its highest value first.");
    const double scale = (extent.high - extent.low) / (own.high - own.low);
    Curve stretched = curve;
    for (Key& key : stretched.keys) {
        key.y = std::clamp(extent.low + (key.y - own.low) * scale, extent.low, extent.high);
        key.left.dy *= scale;
        key.right.dy *= scale;
    }
    return stretched;
}

} // namespace gradus::schedule
