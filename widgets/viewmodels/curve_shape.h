// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of several keys or of a whole segment at once: scaling a group, bending and raising a segment. Pure.
#pragma once

#include "viewmodels/curve_edit.h"

namespace gradus::viewmodels {

/// Scales keys about (pivotX, pivotY), handles included. Pinned keys keep their x. Each factor stops where the first
/// key meets a bound or a neighbour, so that order and distances stay; the factor of x stays positive.
schedule::Curve scaledKeys(const schedule::Curve& curve, const KeyIndices& indices, double pivotX, double pivotY,
                           double factorX, double factorY, const LaneBounds& bounds);

/// Bends the segment right of key `index` so that it passes through y at x (within it), as a power of the distance
/// would: from the straight line towards either corner, never beyond the two keys. A level segment stays as it is.
schedule::Curve bentSegment(const schedule::Curve& curve, int index, double x, double y);

/// Raises a segment as a whole by dy: a hold's key; both keys of any other. Stops at the bounds.
schedule::Curve raisedSegment(const schedule::Curve& curve, int index, double dy, const LaneBounds& bounds);

/// Bent where its keys differ in value, raised where bending would show nothing (a hold, a level segment).
schedule::Curve draggedSegment(const schedule::Curve& curve, int index, double x, double fromY, double toY,
                               const LaneBounds& bounds);

/// Index of the key whose segment x lies in: the last key not right of x.
int segmentAt(const schedule::Curve& curve, double x);

} // namespace gradus::viewmodels
