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
}

double Evaluator::operator()(double x) const
{
    if (std::isnan(x)) return std::numeric_limits<double>::quiet_NaN();
    if (x <= m_firstX) return m_firstY;
    if (x >= m_lastX) return m_lastY;
    const auto after = std::upper_bound(m_segments.begin(), m_segments.end(), x,
                                        [](double position, const Segment& segment) { return position < segment.x0; });
    return valueAt(*(after - 1), x);
}

std::vector<double> Evaluator::sample(double first, double last, int n) const
{
    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(std::max(n, 0)));
    for (int i = 0; i < n; ++i)
        values.push_back((*this)(samplePosition(first, last, i, n)));
    return values;
}

double samplePosition(double first, double last, int index, int n)
{
    return n < 2 ? first : std::lerp(first, last, static_cast<double>(index) / (n - 1));
}

} // namespace gradus::schedule
