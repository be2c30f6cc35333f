// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/curve_edit.h"

#include <algorithm>
#include <cmath>

namespace gradus::viewmodels {

using schedule::Curve;
using schedule::Handle;
using schedule::Interpolation;
using schedule::Key;

namespace {

Key& keyAt(Curve& curve, int index)
{
    return curve.keys[static_cast<std::size_t>(index)];
}
const Key& keyAt(const Curve& curve, int index)
{
    return curve.keys[static_cast<std::size_t>(index)];
}
int sizeOf(const Curve& curve)
{
    return static_cast<int>(curve.keys.size());
}

/// std::clamp, but a range that is upside down (keys of a file nearer than an editor would put them) keeps the value.
double held(double value, double low, double high)
{
    return low > high ? value : std::clamp(value, low, high);
}

double length(const Handle& handle)
{
    return std::hypot(handle.dx, handle.dy);
}

/// Writes the segment right of index as a Bezier of the same shape.
void turnIntoBezier(Curve& curve, int index)
{
    Key& a = keyAt(curve, index);
    if (index + 1 >= sizeOf(curve) || a.interpolation == Interpolation::Bezier) return;
    Key& b = keyAt(curve, index + 1);
    const schedule::Segment segment = schedule::segmentsOf(curve)[static_cast<std::size_t>(index)];
    const double third = (b.x - a.x) / 3;
    double rise1 = (b.y - a.y) / 3;
    double rise2 = rise1;
    if (segment.interpolation == Interpolation::Monotone) {
        rise1 = segment.y[1] - segment.y[0];
        rise2 = segment.y[3] - segment.y[2];
    }
    a.interpolation = Interpolation::Bezier;
    a.right = {third, rise1};
    b.left = {-third, -rise2};
}

/// The keys further along by dx, until the first of them meets a neighbour that stays; pinned ones keep their place.
Curve shifted(const Curve& curve, const KeyIndices& indices, double dx, const LaneBounds& bounds)
{
    double lowX = -1;
    double highX = 1;
    const auto moves = [&](int index) {
        return std::binary_search(indices.begin(), indices.end(), index) && !isPinned(curve, index);
    };
    for (const int index : indices) {
        if (isPinned(curve, index)) continue;
        const Key& key = keyAt(curve, index);
        const auto [low, high] = freeRange(curve, index, bounds.keyDistance);
        if (index == 0 || !moves(index - 1)) lowX = std::max(lowX, low - key.x);
        if (index + 1 == sizeOf(curve) || !moves(index + 1)) highX = std::min(highX, high - key.x);
    }
    dx = std::clamp(dx, std::min(lowX, 0.0), std::max(highX, 0.0));
    Curve result = curve;
    for (const int index : indices)
        if (!isPinned(curve, index)) keyAt(result, index).x += dx;
    return result;
}

} // namespace

bool isPinned(const Curve& curve, int index)
{
    const double x = keyAt(curve, index).x;
    return x == 0.0 || x == 1.0;
}

Curve movedKeys(const Curve& curve, const KeyIndices& indices, double dx, double dy, const LaneBounds& bounds)
{
    double lowY = -bounds.maximumY;
    double highY = bounds.maximumY;
    for (const int index : indices) {
        lowY = std::max(lowY, bounds.minimumY - keyAt(curve, index).y);
        highY = std::min(highY, bounds.maximumY - keyAt(curve, index).y);
    }
    // A group that is already at or beyond a bound may go back, never further.
    dy = std::clamp(dy, std::min(lowY, 0.0), std::max(highY, 0.0));
    Curve result = shifted(curve, indices, dx, bounds);
    for (const int index : indices)
        keyAt(result, index).y += dy;
    return result;
}

Curve multipliedKeys(const Curve& curve, const KeyIndices& indices, double dx, double factor, const LaneBounds& bounds)
{
    double low = 0;
    double high = 1e300;
    for (const int index : indices) {
        low = std::max(low, bounds.minimumY / keyAt(curve, index).y);
        high = std::min(high, bounds.maximumY / keyAt(curve, index).y);
    }
    factor = std::clamp(factor, std::min(low, 1.0), std::max(high, 1.0));
    Curve result = shifted(curve, indices, dx, bounds);
    for (const int index : indices) {
        Key& key = keyAt(result, index);
        // A product can miss the bound that the factor was clamped to by a bit.
        key.y = held(key.y * factor, std::min(bounds.minimumY, key.y), std::max(bounds.maximumY, key.y));
        key.left.dy *= factor;
        key.right.dy *= factor;
    }
    return result;
}

std::pair<double, double> freeRange(const Curve& curve, int index, double distance)
{
    const double low = index > 0 ? keyAt(curve, index - 1).x + distance : 0.0;
    const double high = index + 1 < sizeOf(curve) ? keyAt(curve, index + 1).x - distance : 1.0;
    return {low, high};
}

Curve withoutKeys(const Curve& curve, const KeyIndices& indices)
{
    Curve result;
    for (int i = 0; i < sizeOf(curve); ++i)
        if (!std::binary_search(indices.begin(), indices.end(), i) || isPinned(curve, i))
            result.keys.push_back(keyAt(curve, i));
    return result.keys.empty() ? curve : result;
}

Curve keyPlaced(const Curve& curve, int index, double x, double y, const LaneBounds& bounds)
{
    Curve result = curve;
    Key& key = keyAt(result, index);
    const auto [low, high] = freeRange(curve, index, bounds.keyDistance);
    if (!isPinned(curve, index)) key.x = low > high ? key.x : held(x, low, high);
    key.y = held(y, bounds.minimumY, bounds.maximumY);
    return result;
}

Curve keyAdded(const Curve& curve, double x, double y, const LaneBounds& bounds, int& index)
{
    Curve result = curve;
    index = schedule::insertOnCurve(result, std::clamp(x, 0.0, 1.0));
    keyAt(result, index).y = held(y, bounds.minimumY, bounds.maximumY);
    return result;
}

Curve withInterpolation(const Curve& curve, const KeyIndices& indices, Interpolation interpolation)
{
    Curve result = curve;
    for (const int index : indices) {
        if (interpolation == Interpolation::Bezier) turnIntoBezier(result, index);
        keyAt(result, index).interpolation = interpolation;
    }
    return result;
}

Curve withHandle(const Curve& curve, int index, HandleSide side, Handle handle, bool mirrored)
{
    Curve result = curve;
    Key& key = keyAt(result, index);
    const bool left = side == HandleSide::Left;
    handle.dx = left ? std::min(handle.dx, 0.0) : std::max(handle.dx, 0.0);
    (left ? key.left : key.right) = handle;
    if (mirrored && length(handle) > 0) {
        Handle& other = left ? key.right : key.left;
        const double ratio = length(other) / length(handle);
        other = {-handle.dx * ratio, -handle.dy * ratio};
    }
    return result;
}

Curve withUsualHandles(const Curve& curve, const std::vector<KeyHandle>& handles)
{
    Curve usual = curve;
    KeyIndices segments;
    for (const KeyHandle& handle : handles) {
        if (!hasHandle(curve, handle.index, handle.side)) continue;
        segments.push_back(handle.side == HandleSide::Left ? handle.index - 1 : handle.index);
        keyAt(usual, segments.back()).interpolation = Interpolation::Monotone;
    }
    usual = withInterpolation(usual, segments, Interpolation::Bezier);
    Curve result = curve;
    for (const KeyHandle& handle : handles) {
        if (!hasHandle(curve, handle.index, handle.side)) continue;
        const bool left = handle.side == HandleSide::Left;
        const Key& from = keyAt(usual, handle.index);
        (left ? keyAt(result, handle.index).left : keyAt(result, handle.index).right) = left ? from.left : from.right;
    }
    return result;
}

Curve withKind(const Curve& curve, int index, KeyKind kind)
{
    if (kind == KeyKind::Broken) return curve;
    Curve result = curve;
    const bool hasLeft = index > 0;
    const bool hasRight = index + 1 < sizeOf(curve);
    if (hasLeft) turnIntoBezier(result, index - 1);
    if (hasRight) turnIntoBezier(result, index);
    const Key before = keyAt(result, hasLeft ? index - 1 : index);
    const Key after = keyAt(result, hasRight ? index + 1 : index);
    Key& key = keyAt(result, index);
    const double back = (key.x - before.x) / 3;
    const double forth = (after.x - key.x) / 3;
    const double through = after.x > before.x ? (after.y - before.y) / (after.x - before.x) : 0;
    const double slope = kind == KeyKind::Smooth ? through : 0;
    key.left = {-back, -slope * back};
    key.right = {forth, slope * forth};
    if (kind == KeyKind::Corner) {
        key.left.dy = (before.y - key.y) / 3;
        key.right.dy = (after.y - key.y) / 3;
    }
    return result;
}

KeyKind kindOf(const Curve& curve, int index)
{
    const Key& key = keyAt(curve, index);
    const bool left = hasHandle(curve, index, HandleSide::Left);
    const bool right = hasHandle(curve, index, HandleSide::Right);
    if (!left && !right) return KeyKind::Corner;
    if ((!left || key.left.dy == 0) && (!right || key.right.dy == 0)) return KeyKind::Flat;
    if (!left || !right) return KeyKind::Smooth; // nothing that it could break with
    const double cross = key.left.dx * key.right.dy - key.left.dy * key.right.dx;
    if (std::abs(cross) <= 1e-9 * length(key.left) * length(key.right)) return KeyKind::Smooth;
    const Key& before = keyAt(curve, index - 1);
    const Key& after = keyAt(curve, index + 1);
    const auto towards = [&](const Handle& handle, const Key& other) {
        const double off = handle.dx * (other.y - key.y) - handle.dy * (other.x - key.x);
        return std::abs(off) <= 1e-9 * (1 + length(handle));
    };
    return towards(key.left, before) && towards(key.right, after) ? KeyKind::Corner : KeyKind::Broken;
}

bool hasHandle(const Curve& curve, int index, HandleSide side)
{
    if (side == HandleSide::Left) return index > 0 && keyAt(curve, index - 1).interpolation == Interpolation::Bezier;
    return index + 1 < sizeOf(curve) && keyAt(curve, index).interpolation == Interpolation::Bezier;
}

} // namespace gradus::viewmodels
