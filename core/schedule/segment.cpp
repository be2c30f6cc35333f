// SPDX-License-Identifier: GPL-3.0-or-later
#include "schedule/segment_value.h"

#include <algorithm>
#include <cmath>

namespace gradus::schedule {

namespace {

double secant(const Key& a, const Key& b)
{
    return (b.y - a.y) / (b.x - a.x);
}

/// Slope at a key for the monotone segments that meet there: Fritsch and Carlson (1980) with the square region
/// [0, 3] x [0, 3] of admissible slope ratios. The square makes a slope depend on its two neighbouring secants alone,
/// so that an edit far away never changes a segment. A step beside the key counts as the end of the curve.
double slopeAt(const Curve& curve, std::size_t i)
{
    const auto& keys = curve.keys;
    const bool hasLeft = i > 0 && keys[i - 1].interpolation != Interpolation::Constant;
    const bool hasRight = i + 1 < keys.size() && keys[i].interpolation != Interpolation::Constant;
    if (!hasLeft && !hasRight) return 0;
    if (!hasLeft) return secant(keys[i], keys[i + 1]);
    if (!hasRight) return secant(keys[i - 1], keys[i]);
    const double left = secant(keys[i - 1], keys[i]);
    const double right = secant(keys[i], keys[i + 1]);
    if (left == 0 || right == 0 || (left > 0) != (right > 0)) return 0;
    const double limit = 3 * std::min(std::abs(left), std::abs(right));
    return std::clamp(0.5 * (left + right), -limit, limit);
}

/// How far the two handles of a segment may reach, as a common factor of at most 1. s(t) with end slopes proportional
/// to a and c never turns back where a + c - sqrt(a c) <= 1. The region is that of all such cubics, not just the box
/// a, c <= 1, because the halves of a split cubic must be admissible too.
double handleScale(double a, double c)
{
    const double reach = a + c - std::sqrt(a) * std::sqrt(c);
    return reach > 1 ? 1 / reach : 1;
}

Segment segmentAt(const Curve& curve, std::size_t i)
{
    const Key& a = curve.keys[i];
    const Key& b = curve.keys[i + 1];
    const double width = b.x - a.x;
    Segment segment{.x0 = a.x, .x1 = b.x, .y = {a.y, a.y, b.y, b.y}, .interpolation = a.interpolation};
    if (a.interpolation == Interpolation::Monotone) {
        // A Hermite cubic in x is the Bezier whose handles end at thirds. Clamped, because the last bit of the
        // product may otherwise lie outside the two keys.
        const auto [low, high] = std::minmax(a.y, b.y);
        segment.y[1] = std::clamp(a.y + slopeAt(curve, i) * width / 3, low, high);
        segment.y[2] = std::clamp(b.y - slopeAt(curve, i + 1) * width / 3, low, high);
        segment.u1 = 1.0 / 3;
        segment.u2 = 2.0 / 3;
    } else if (a.interpolation == Interpolation::Bezier) {
        const Handle right = a.right;
        const Handle left = b.left;
        const double factor = handleScale(right.dx / width, -left.dx / width);
        segment.y[1] = a.y + right.dy * factor;
        segment.y[2] = b.y + left.dy * factor;
        segment.u1 = right.dx / width * factor;
        segment.u2 = 1 + left.dx / width * factor;
    }
    return segment;
}

/// The cubic with these control values. Exact at both ends; held inside the hull of its control points, which rounding
/// might leave by a bit: a monotone segment never overshoots its keys.
double cubicAt(const double (&control)[4], double t)
{
    const double r = 1 - t;
    const double value = r * r * (r * control[0] + 3 * t * control[1]) + t * t * (3 * r * control[2] + t * control[3]);
    const auto [low01, high01] = std::minmax(control[0], control[1]);
    const auto [low23, high23] = std::minmax(control[2], control[3]);
    return std::clamp(value, std::min(low01, low23), std::max(high01, high23));
}

double reachedAt(double u1, double u2, double t)
{
    const double r = 1 - t;
    return 3 * r * r * t * u1 + 3 * r * t * t * u2 + t * t * t;
}

double slopeOf(double u1, double u2, double t)
{
    const double r = 1 - t;
    return 3 * (r * r * u1 + 2 * r * t * (u2 - u1) + t * t * (1 - u2));
}

} // namespace

std::vector<Segment> segmentsOf(const Curve& curve)
{
    std::vector<Segment> segments;
    for (std::size_t i = 0; i + 1 < curve.keys.size(); ++i)
        segments.push_back(segmentAt(curve, i));
    return segments;
}

double solveParameter(double u1, double u2, double s)
{
    if (s <= 0) return 0;
    if (s >= 1) return 1;
    double low = 0;
    double high = 1;
    double t = s;
    // Newton where it stays inside the bracket, bisection otherwise; ends when the bracket holds no further double or
    // Newton stands still. 200 halvings reach any double in (0, 1) that matters here.
    for (int i = 0; i < 200; ++i) {
        const double reached = reachedAt(u1, u2, t);
        if (reached == s) return t;
        (reached < s ? low : high) = t;
        double next = t - (reached - s) / slopeOf(u1, u2, t);
        if (!(next > low && next < high)) next = low + 0.5 * (high - low);
        if (next == t || next <= low || next >= high) return next;
        t = next;
    }
    return t;
}

SplitCubic splitCubic(const double (&control)[4], double t)
{
    const double ab = std::lerp(control[0], control[1], t);
    const double bc = std::lerp(control[1], control[2], t);
    const double cd = std::lerp(control[2], control[3], t);
    const double abc = std::lerp(ab, bc, t);
    const double bcd = std::lerp(bc, cd, t);
    const double middle = std::lerp(abc, bcd, t);
    return {{control[0], ab, abc, middle}, {middle, bcd, cd, control[3]}};
}

void startsOf(const Segment& segment, double (&starts)[kStarts + 1])
{
    for (int i = 0; i <= kStarts; ++i)
        starts[i] = solveParameter(segment.u1, segment.u2, static_cast<double>(i) / kStarts);
}

double bezierAt(const Segment& segment, double x, const double* starts)
{
    const double s = (x - segment.x0) / (segment.x1 - segment.x0);
    if (s <= 0 || s >= 1) return s <= 0 ? segment.y[0] : segment.y[3];
    const double place = s * kStarts;
    const int cell = std::min(static_cast<int>(place), kStarts - 1);
    double t = starts[cell] + (place - cell) * (starts[cell + 1] - starts[cell]);
    // A fixed number of steps runs without a branch that is guessed wrong. What is left is rounding, save where the
    // curve stands upright: there the search takes over.
    const double u1 = segment.u1;
    const double u2 = segment.u2;
    const double a = 1 + 3 * (u1 - u2);
    const double b = 3 * (u2 - 2 * u1);
    for (int i = 0; i < 2; ++i) // Horner is fast and loses the last digits, which the third step mends
        t -= (((a * t + b) * t + 3 * u1) * t - s) / ((3 * a * t + 2 * b) * t + 3 * u1);
    t -= (reachedAt(u1, u2, t) - s) / slopeOf(u1, u2, t);
    constexpr double kRounding = 2e-15;
    constexpr double kUpright = 0.05; // below this slope a bit of s is many bits of t
    const bool solved = std::abs(reachedAt(u1, u2, t) - s) <= kRounding && slopeOf(u1, u2, t) >= kUpright;
    if (!(solved && t >= 0 && t <= 1)) t = solveParameter(u1, u2, s);
    return cubicAt(segment.y, t);
}

double valueAt(const Segment& segment, double x)
{
    const double s = (x - segment.x0) / (segment.x1 - segment.x0);
    switch (segment.interpolation) {
    case Interpolation::Constant:
        return s < 1 ? segment.y[0] : segment.y[3];
    case Interpolation::Linear:
        return std::lerp(segment.y[0], segment.y[3], s);
    case Interpolation::Monotone:
        return cubicAt(segment.y, s);
    case Interpolation::Bezier:
        return cubicAt(segment.y, solveParameter(segment.u1, segment.u2, s));
    }
    return segment.y[0];
}

} // namespace gradus::schedule
