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

/// De Casteljau: the control values of the two halves of a cubic at t, sharing middle[3] = right[0].
struct SplitCubic
{
    double left[4];
    double right[4];
};
SplitCubic splitCubic(const double (&control)[4], double t);

} // namespace gradus::schedule
