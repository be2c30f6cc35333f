// SPDX-License-Identifier: GPL-3.0-or-later
// The curve: keys with handles, and THE evaluator that designer, preview, worker and exporter share (bit-equal).
#pragma once

#include "base/result.h"

#include <span>
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
    Handle left;  ///< used when the segment to the left is Bezier
    Handle right; ///< used when the segment to the right is Bezier

    friend bool operator==(const Key&, const Key&) = default;
};

/// At least one key, strictly increasing finite x, finite y. Outside the first and last key the value holds.
struct Curve
{
    std::vector<Key> keys;

    friend bool operator==(const Curve&, const Curve&) = default;
};

/// Every reason why the curve cannot be evaluated, as one sentence; ok if it can.
Result<void> validate(const Curve& curve);

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
    struct Segment
    {
        double x0, x1;
        double a, b, c, d; ///< Linear and Monotone: Hermite data; Bezier: y control points
        double cx1, cx2;   ///< Bezier: x control points, clamped into [x0, x1] so that x(t) never turns back
        Interpolation interpolation;
    };
    std::vector<Segment> m_segments;
    double m_firstX, m_firstY, m_lastX, m_lastY;
};

/// Inserts a key at x on the curve without changing its shape (de Casteljau split for Bezier; a monotone segment is
/// turned into the equal Bezier segments). Returns the new key's index, or the index of a key that is already there.
int insertOnCurve(Curve& curve, double x);

/// Smallest distance in x that two keys of a curve keep (editors clamp to it).
inline constexpr double kMinimumKeyDistance = 1e-6;

} // namespace gradus::schedule
