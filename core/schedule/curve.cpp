// SPDX-License-Identifier: GPL-3.0-or-later
#include "schedule/curve.h"

#include "schedule/segment_value.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace gradus::schedule {

namespace {

constexpr std::array<const char*, 4> kNames{"constant", "linear", "monotone", "bezier"};
constexpr double kLargest = 1e100;
constexpr double kNearest = 1e-9;

bool usable(double number)
{
    return std::isfinite(number) && std::abs(number) <= kLargest;
}

Error keyError(std::size_t index, const std::string& rest)
{
    return badInput("Key " + std::to_string(index + 1) + " of the curve " + rest);
}

Result<void> validateKey(const Curve& curve, std::size_t i)
{
    const Key& key = curve.keys[i];
    if (!usable(key.x) || !usable(key.y))
        return keyError(i, "is not a finite number below 1e100; give it a position and a value.");
    if (!usable(key.left.dx) || !usable(key.left.dy) || !usable(key.right.dx) || !usable(key.right.dy))
        return keyError(i, "has a handle that is not a finite number below 1e100; correct or remove the handle.");
    if (key.left.dx > 0) return keyError(i, "has a left handle that points right; its dx must be 0 or less.");
    if (key.right.dx < 0) return keyError(i, "has a right handle that points left; its dx must be 0 or more.");
    if (i == 0) return {};
    const Key& before = curve.keys[i - 1];
    if (!(key.x > before.x))
        return keyError(i, "lies at " + numberText(key.x) + ", not after the key before it at " + numberText(before.x) +
                               "; put the keys in increasing order.");
    if (key.x - before.x < kNearest)
        return keyError(i, "lies less than 1e-9 after the key before it; move one of them or remove it.");
    return {};
}

} // namespace

const char* nameOf(Interpolation interpolation)
{
    return kNames[static_cast<std::size_t>(interpolation)];
}

Result<Interpolation> interpolationFromName(const std::string& name)
{
    for (std::size_t i = 0; i < kNames.size(); ++i)
        if (name == kNames[i]) return static_cast<Interpolation>(i);
    const auto near = nearestWord(name, {kNames.begin(), kNames.end()});
    return badInput("\"" + visible(name) + "\" is not an interpolation; use " +
                    (near ? "\"" + *near + "\"" : std::string("constant, linear, monotone or bezier")) + ".");
}

Result<void> validate(const Curve& curve)
{
    if (curve.keys.empty()) return badInput("The curve has no keys; give it at least one.");
    for (std::size_t i = 0; i < curve.keys.size(); ++i)
        if (auto checked = validateKey(curve, i); !checked) return checked;
    return {};
}

Evaluator::Evaluator(const Curve& curve)
    : m_segments(segmentsOf(curve)), m_firstX(curve.keys.front().x), m_firstY(curve.keys.front().y),
      m_lastX(curve.keys.back().x), m_lastY(curve.keys.back().y)
{
    constexpr std::size_t kEach = kStarts + 1;
    for (std::size_t i = 0; i < m_segments.size(); ++i) {
        if (m_segments[i].interpolation != Interpolation::Bezier) continue;
        m_starts.resize(m_segments.size() * kEach);
        double starts[kEach];
        startsOf(m_segments[i], starts);
        std::copy(std::begin(starts), std::end(starts), m_starts.begin() + static_cast<std::ptrdiff_t>(i * kEach));
    }
}

double Evaluator::valueIn(std::size_t segment, double x) const
{
    const Segment& one = m_segments[segment];
    if (one.interpolation != Interpolation::Bezier) return valueAt(one, x);
    return bezierAt(one, x, m_starts.data() + segment * (kStarts + 1));
}

double Evaluator::operator()(double x) const
{
    if (std::isnan(x)) return std::numeric_limits<double>::quiet_NaN();
    if (x <= m_firstX) return m_firstY;
    if (x >= m_lastX) return m_lastY;
    const auto after = std::upper_bound(m_segments.begin(), m_segments.end(), x,
                                        [](double position, const Segment& segment) { return position < segment.x0; });
    return valueIn(static_cast<std::size_t>(after - m_segments.begin()) - 1, x);
}

std::vector<double> Evaluator::sample(double first, double last, int n) const
{
    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(std::max(n, 0)));
    std::size_t segment = 0; // of the sample before: the next one lies in it or near
    for (int i = 0; i < n; ++i) {
        const double x = samplePosition(first, last, i, n);
        if (!(x > m_firstX && x < m_lastX)) {
            values.push_back((*this)(x));
            continue;
        }
        while (segment + 1 < m_segments.size() && m_segments[segment + 1].x0 <= x)
            ++segment;
        while (segment > 0 && m_segments[segment].x0 > x)
            --segment;
        values.push_back(valueIn(segment, x));
    }
    return values;
}

double samplePosition(double first, double last, int index, int n)
{
    return n < 2 ? first : std::lerp(first, last, static_cast<double>(index) / (n - 1));
}

} // namespace gradus::schedule
