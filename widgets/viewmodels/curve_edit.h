// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can do to a curve: pure functions from a valid curve to a valid curve, within a lane's bounds.
#pragma once

#include "schedule/curve.h"

#include <utility>
#include <vector>

namespace gradus::viewmodels {

/// What a lane allows. x always runs over [0, 1]; keys that stand at 0 and at 1 are pinned there.
struct LaneBounds
{
    double minimumY = 0; ///< smallest value a key may take
    double maximumY = 0;
    double keyDistance = 0.002; ///< moved keys keep this distance in x

    friend bool operator==(const LaneBounds&, const LaneBounds&) = default;
};

/// How the two handles of a key relate. It is read off the handles, not stored.
enum class KeyKind
{
    Smooth, ///< handles on one line
    Flat,   ///< handles level
    Corner, ///< handles towards the neighbouring keys
    Broken, ///< anything else
};
enum class HandleSide
{
    Left,
    Right,
};
/// Indices are of curve.keys; lists of them are sorted and unique. All functions take a valid curve.
using KeyIndices = std::vector<int>;

bool isPinned(const schedule::Curve& curve, int index);

/// Moves keys together. The group stops where the first of them meets a bound or a neighbour; pinned keys keep their x.
schedule::Curve movedKeys(const schedule::Curve& curve, const KeyIndices& indices, double dx, double dy,
                          const LaneBounds& bounds);
/// The same on an axis by powers of ten: all values times factor (above 0), handles too, so that the group keeps its
/// shape there. Values must be above 0.
schedule::Curve multipliedKeys(const schedule::Curve& curve, const KeyIndices& indices, double dx, double factor,
                               const LaneBounds& bounds);
/// Removes keys; pinned ones stay, and so does the last one.
schedule::Curve withoutKeys(const schedule::Curve& curve, const KeyIndices& indices);
/// The x range of a key between its neighbours; empty (first > second) where they leave it no room.
std::pair<double, double> freeRange(const schedule::Curve& curve, int index, double distance);
/// Puts one key at (x, y), clamped into the bounds and between its neighbours.
schedule::Curve keyPlaced(const schedule::Curve& curve, int index, double x, double y, const LaneBounds& bounds);
/// A new key at (x, y), not on the curve; index receives its place. A key that is already there is moved to y.
schedule::Curve keyAdded(const schedule::Curve& curve, double x, double y, const LaneBounds& bounds, int& index);

/// The segments right of the keys run as given. To Bezier keeps the shape of monotone and linear segments.
schedule::Curve withInterpolation(const schedule::Curve& curve, const KeyIndices& indices,
                                  schedule::Interpolation interpolation);
/// Sets one handle (relative to its key; dx is clamped to its side). mirrored turns the other one to the same line, its
/// length kept.
schedule::Curve withHandle(const schedule::Curve& curve, int index, HandleSide side, schedule::Handle handle,
                           bool mirrored);
/// One handle of a curve.
struct KeyHandle
{
    int index = 0;
    HandleSide side = HandleSide::Left;
};
/// Gives these handles, where their segments are Bezier, the place they have in a monotone segment.
schedule::Curve withUsualHandles(const schedule::Curve& curve, const std::vector<KeyHandle>& handles);
/// Gives a key handles of a kind; the segments beside it become Bezier. Broken leaves the curve as it is.
schedule::Curve withKind(const schedule::Curve& curve, int index, KeyKind kind);
KeyKind kindOf(const schedule::Curve& curve, int index);
/// The handle as the evaluator uses it, or zero where the segment on that side is not Bezier.
bool hasHandle(const schedule::Curve& curve, int index, HandleSide side);

} // namespace gradus::viewmodels
