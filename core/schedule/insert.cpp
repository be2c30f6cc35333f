// SPDX-License-Identifier: GPL-3.0-or-later
#include "schedule/segment_value.h"

#include <algorithm>
#include <cmath>

namespace gradus::schedule {

namespace {

/// Writes a segment's control points as handles of its two keys.
void writeHandles(Key& a, Key& b, const double (&y)[4], double u1, double u2)
{
    const double width = b.x - a.x;
    a.right = {u1 * width, y[1] - y[0]};
    b.left = {(u2 - 1) * width, y[2] - y[3]};
}

void turnIntoBezier(Curve& curve, std::size_t index, const Segment& shape)
{
    curve.keys[index].interpolation = Interpolation::Bezier;
    writeHandles(curve.keys[index], curve.keys[index + 1], shape.y, shape.u1, shape.u2);
}

/// A key beyond the first or last one continues the value that holds there.
std::size_t extend(Curve& curve, double x)
{
    auto& keys = curve.keys;
    const bool before = x < keys.front().x;
    Key key{.x = x, .y = before ? keys.front().y : keys.back().y};
    key.interpolation = before ? keys.front().interpolation : keys.back().interpolation;
    keys.insert(before ? keys.begin() : keys.end(), key);
    const std::size_t left = before ? 0 : keys.size() - 2;
    const double flat[4] = {key.y, key.y, key.y, key.y};
    if (keys[left].interpolation == Interpolation::Bezier)
        writeHandles(keys[left], keys[left + 1], flat, 1.0 / 3, 2.0 / 3);
    return before ? 0 : keys.size() - 1;
}

void split(Curve& curve, std::size_t index, double x, const Segment& segment)
{
    auto& keys = curve.keys;
    Key key{.x = x, .y = valueAt(segment, x), .interpolation = segment.interpolation};
    if (segment.interpolation == Interpolation::Constant || segment.interpolation == Interpolation::Linear) {
        keys.insert(keys.begin() + static_cast<std::ptrdiff_t>(index) + 1, key);
        return;
    }
    const double s = (x - segment.x0) / (segment.x1 - segment.x0);
    const bool bezier = segment.interpolation == Interpolation::Bezier;
    const double t = bezier ? solveParameter(segment.u1, segment.u2, s) : s;
    const SplitCubic y = splitCubic(segment.y, t);
    const SplitCubic u = splitCubic({0, segment.u1, segment.u2, 1}, t);
    key.interpolation = Interpolation::Bezier;
    key.y = y.left[3];
    keys[index].interpolation = Interpolation::Bezier;
    keys.insert(keys.begin() + static_cast<std::ptrdiff_t>(index) + 1, key);
    // The halves in their own units; s rather than u(t), because the new key stands at s. A handle never points back.
    writeHandles(keys[index], keys[index + 1], y.left, std::max(u.left[1] / s, 0.0), std::min(u.left[2] / s, 1.0));
    writeHandles(keys[index + 1], keys[index + 2], y.right, std::max((u.right[1] - s) / (1 - s), 0.0),
                 std::min((u.right[2] - s) / (1 - s), 1.0));
}

} // namespace

int insertOnCurve(Curve& curve, double x)
{
    if (!std::isfinite(x)) return -1;
    auto& keys = curve.keys;
    const auto nearest = std::min_element(
        keys.begin(), keys.end(), [x](const Key& a, const Key& b) { return std::abs(a.x - x) < std::abs(b.x - x); });
    if (std::abs(nearest->x - x) < kMinimumKeyDistance) return static_cast<int>(nearest - keys.begin());

    const std::vector<Segment> before = segmentsOf(curve);
    std::size_t inserted = 0;
    const bool outside = x < keys.front().x || x > keys.back().x;
    if (outside) {
        inserted = extend(curve, x);
    } else {
        const auto after = std::upper_bound(keys.begin(), keys.end(), x,
                                            [](double position, const Key& key) { return position < key.x; });
        inserted = static_cast<std::size_t>(after - keys.begin());
        split(curve, inserted - 1, x, before[inserted - 1]);
    }
    // The new key may have altered the slope at which a monotone neighbour leaves or arrives: what it was is kept.
    const std::vector<Segment> now = segmentsOf(curve);
    for (std::size_t old = 0; old < before.size(); ++old) {
        if (!outside && old == inserted - 1) continue;
        const std::size_t index = old + (old >= inserted || (outside && inserted == 0) ? 1 : 0);
        if (before[old].interpolation == Interpolation::Monotone && !(now[index] == before[old]))
            turnIntoBezier(curve, index, before[old]);
    }
    return static_cast<int>(inserted);
}

} // namespace gradus::schedule
