// SPDX-License-Identifier: GPL-3.0-or-later
// The curve: keys with handles, and THE evaluator that designer, preview, worker and exporter share (bit-equal).
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace gradus::schedule {

/// How the segment to the right of a key runs.
enum class Interpolation
{
    Constant, ///< holds the key's value until the next key ("constant")
    Linear,   ///< straight line ("linear")
    Monotone, ///< Fritsch-Carlson cubic Hermite: never overshoots its two keys ("monotone")
    Bezier,   ///< cubic Bezier with the two keys' handles ("bezier")
};
const char* nameOf(Interpolation interpolation);
Result<Interpolation> interpolationFromName(const std::string& name);

/// A control point relative to its key, in the curve's own units. Right handles have dx >= 0, left handles dx <= 0.
struct Handle
{
    double dx = 0;
    double dy = 0;

    friend bool operator==(const Handle&, const Handle&) = default;
};

struct Key
{
    double x = 0; ///< fraction of the run, 0..1
    double y = 0;
    Interpolation interpolation = Interpolation::Monotone; ///< of the segment to the right
    Handle left = {};                                      ///< used when the segment to the left is Bezier
    Handle right = {};                                     ///< used when the segment to the right is Bezier

    friend bool operator==(const Key&, const Key&) = default;
};

/// At least one key, strictly increasing finite x, finite y. Outside the first and last key the value holds.
struct Curve
{
    std::vector<Key> keys;

    friend bool operator==(const Curve&, const Curve&) = default;
};

/// The first reason why the curve cannot be evaluated, as one sentence; ok if it can. Beside Curve's rules: keys lie at
/// least 1e-9 apart, no number is larger than 1e100 (slopes stay finite), right handles point right, left ones left.
Result<void> validate(const Curve& curve);

/// What runs between two neighbouring keys, as a cubic Bezier in y over the normalised distance s = (x - x0) / width.
struct Segment
{
    double x0 = 0;
    double x1 = 0;
    double y[4] = {}; ///< control values; Linear and Constant use the first and last only
    double u1 = 0;    ///< Bezier: control points in s, such that s(t) never turns back
    double u2 = 1;
    Interpolation interpolation = Interpolation::Linear;

    friend bool operator==(const Segment&, const Segment&) = default;
};

/// One segment for each neighbouring pair of keys, as the evaluator sees it: a monotone segment has its slopes worked
/// out, and Bezier handles so long that the curve would turn back in x are shortened by a common factor along their
/// directions. The curve must be valid.
std::vector<Segment> segmentsOf(const Curve& curve);

/// A curve made ready for many evaluations (monotone slopes and Bezier coefficients computed once). Immutable: any
/// number of threads may evaluate it. evaluate() of the same curve at the same x is bit-equal in every program.
class Evaluator final
{
public:
    /// The curve must be valid (see validate).
    explicit Evaluator(const Curve& curve);

    /// Value at x; holds beyond the ends; NaN only for NaN x.
    double operator()(double x) const;
    /// n >= 2 samples at equal distances over [first, last], both ends included.
    std::vector<double> sample(double first, double last, int n) const;

private:
    double valueIn(std::size_t segment, double x) const;

    std::vector<Segment> m_segments;
    std::vector<double> m_starts; ///< of Bezier segments: where Newton begins, see startsOf; empty where there are none
    double m_firstX, m_firstY, m_lastX, m_lastY;
};

/// Where sample() evaluates: the index-th of n points at equal distances over [first, last].
double samplePosition(double first, double last, int index, int n);

/// Inserts a key at x on the curve without changing its shape (de Casteljau split for Bezier; a monotone segment, and
/// a monotone neighbour whose slope the new key would alter, is turned into the equal Bezier). Beyond the ends the held
/// value is continued. Returns the new key's index, the index of a key nearer than kMinimumKeyDistance, or -1 where x
/// is not finite. The curve must be valid.
int insertOnCurve(Curve& curve, double x);

/// Smallest distance in x that two keys of a curve keep (editors clamp to it).
inline constexpr double kMinimumKeyDistance = 1e-6;

} // namespace gradus::schedule
