// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluating and splitting one segment: internal to the room, shared by the evaluator and by key insertion.
#pragma once

#include "schedule/curve.h"

namespace gradus::schedule {

/// x within [x0, x1].
double valueAt(const Segment& segment, double x);

/// Parameter t in [0, 1] at which the cubic with control values 0, u1, u2, 1 (which must not turn back) reaches s, to
/// the last bit that doubles allow.
double solveParameter(double u1, double u2, double s);

/// Where solving begins: t at kStarts equal steps of s over [0, 1], worked out once a segment.
inline constexpr int kStarts = 16;
void startsOf(const Segment& segment, double (&starts)[kStarts + 1]);
/// The same as valueAt for a Bezier segment, from those starts: three steps of Newton are enough nearly everywhere, and
/// they cost a seventh of a search.
double bezierAt(const Segment& segment, double x, const double* starts);

/// De Casteljau: the control values of the two halves of a cubic at t, sharing middle[3] = right[0].
struct SplitCubic
{
    double left[4];
    double right[4];
};
SplitCubic splitCubic(const double (&control)[4], double t);

} // namespace gradus::schedule
