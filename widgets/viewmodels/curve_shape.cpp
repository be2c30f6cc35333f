// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/curve_shape.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace gradus::viewmodels {

using schedule::Curve;
using schedule::Interpolation;
using schedule::Key;

namespace {

constexpr double kLeastFactor = 0.01; ///< a group is never folded onto one place
constexpr int kHalvings = 60;

/// The factor nearest to wanted that is allowed; 1 always is, and what is allowed is an interval around it.
double nearestAllowed(double wanted, const std::function<bool(double)>& allowed)
{
    if (allowed(wanted)) return wanted;
    double good = 1;
    double bad = wanted;
    for (int i = 0; i < kHalvings; ++i) {
        const double middle = good + 0.5 * (bad - good);
        (allowed(middle) ? good : bad) = middle;
    }
    return good;
}

bool isIn(const KeyIndices& indices, std::size_t index)
{
    return std::binary_search(indices.begin(), indices.end(), static_cast<int>(index));
}

/// The segment as a cubic whose two control points lie together, b of the way from its middle to a corner.
Curve bentBy(const Curve& curve, std::size_t left, double bend)
{
    Curve result = curve;
    Key& a = result.keys[left];
    Key& b = result.keys[left + 1];
    const double width = b.x - a.x;
    const double rise = b.y - a.y;
    const double along = 0.5 * (1 - bend);   // towards the left key's x for a positive bend
    const double upwards = 0.5 * (1 + bend); // towards the right key's y
    a.interpolation = Interpolation::Bezier;
    a.right = {along * width, upwards * rise};
    b.left = {(along - 1) * width, (upwards - 1) * rise};
    return result;
}

} // namespace

int segmentAt(const Curve& curve, double x)
{
    int index = 0;
    for (std::size_t i = 0; i < curve.keys.size(); ++i)
        if (curve.keys[i].x <= x) index = static_cast<int>(i);
    return index;
}

Curve scaledKeys(const Curve& curve, const KeyIndices& indices, double pivotX, double pivotY, double factorX,
                 double factorY, const LaneBounds& bounds)
{
    const auto placed = [&](std::size_t i, double factor) {
        const Key& key = curve.keys[i];
        const bool moves = isIn(indices, i) && !isPinned(curve, static_cast<int>(i));
        return moves ? pivotX + (key.x - pivotX) * factor : key.x;
    };
    const auto fitsX = [&](double factor) {
        if (factor < kLeastFactor) return false;
        for (std::size_t i = 0; i < curve.keys.size(); ++i) {
            const double x = placed(i, factor);
            if (x < std::min(0.0, curve.keys[i].x) || x > std::max(1.0, curve.keys[i].x)) return false;
            if (i == 0) continue;
            // Keys of a file may stand nearer than an editor would put them: they need not part.
            const double least = std::min(bounds.keyDistance, curve.keys[i].x - curve.keys[i - 1].x);
            if (x - placed(i - 1, factor) < least - 1e-15) return false;
        }
        return true;
    };
    const auto fitsY = [&](double factor) {
        return std::all_of(indices.begin(), indices.end(), [&](int index) {
            const double before = curve.keys[static_cast<std::size_t>(index)].y;
            const double y = pivotY + (before - pivotY) * factor;
            return y >= std::min(bounds.minimumY, before) && y <= std::max(bounds.maximumY, before);
        });
    };
    const double fx = nearestAllowed(factorX, fitsX);
    const double fy = nearestAllowed(factorY, fitsY);
    Curve result = curve;
    for (std::size_t i = 0; i < curve.keys.size(); ++i) {
        if (!isIn(indices, i)) continue;
        Key& key = result.keys[i];
        if (fx != 1) key.x = placed(i, fx);
        if (fy != 1) key.y = pivotY + (key.y - pivotY) * fy;
        key.left = {key.left.dx * fx, key.left.dy * fy};
        key.right = {key.right.dx * fx, key.right.dy * fy};
    }
    return result;
}

Curve bentSegment(const Curve& curve, int index, double x, double y)
{
    const auto left = static_cast<std::size_t>(index);
    if (index < 0 || left + 1 >= curve.keys.size()) return curve;
    const Key& a = curve.keys[left];
    const Key& b = curve.keys[left + 1];
    if (a.y == b.y || x <= a.x || x >= b.x) return curve;
    // The value at x grows with the bend where the segment rises, and falls where it falls.
    double low = -1;
    double high = 1;
    for (int i = 0; i < kHalvings; ++i) {
        const double middle = 0.5 * (low + high);
        const double value = schedule::Evaluator(bentBy(curve, left, middle))(x);
        ((value < y) == (b.y > a.y) ? low : high) = middle;
    }
    return bentBy(curve, left, 0.5 * (low + high));
}

Curve raisedSegment(const Curve& curve, int index, double dy, const LaneBounds& bounds)
{
    const auto left = static_cast<std::size_t>(index);
    if (index < 0 || left >= curve.keys.size()) return curve;
    const bool both = left + 1 < curve.keys.size() && curve.keys[left].interpolation != Interpolation::Constant;
    return movedKeys(curve, both ? KeyIndices{index, index + 1} : KeyIndices{index}, 0, dy, bounds);
}

Curve draggedSegment(const Curve& curve, int index, double x, double fromY, double toY, const LaneBounds& bounds)
{
    const auto left = static_cast<std::size_t>(index);
    const bool hold = left + 1 >= curve.keys.size() || curve.keys[left].interpolation == Interpolation::Constant;
    if (hold || curve.keys[left].y == curve.keys[left + 1].y) return raisedSegment(curve, index, toY - fromY, bounds);
    return bentSegment(curve, index, x, toY);
}

} // namespace gradus::viewmodels
