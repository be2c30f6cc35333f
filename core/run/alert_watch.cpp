// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/alert_watch.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace gradus::run {

using When = spec::AlertRule::When;

namespace {

constexpr double kRounding = 1e-9; ///< of a value: less is no difference

/// Six digits: a sentence is read, and the point itself is in the store.
std::string shortText(double value)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

} // namespace

/// Of a value that is no number nothing holds but NoNumber.
bool AlertWatch::holds(double value)
{
    switch (m_rule.when) {
    case When::Above:
        return value > m_rule.value;
    case When::Below:
        return value < m_rule.value;
    case When::NoNumber:
        return !std::isfinite(value);
    case When::Silent:
        return false;
    case When::ChangesBy:
    case When::Plateau:
    case When::Spike:
        break;
    }
    if (!std::isfinite(value)) {
        m_before.clear(); // numbers are compared with none missing between them
        return false;
    }
    const auto wanted = static_cast<std::size_t>(m_rule.points);
    if (m_rule.when == When::Plateau) { // counts the value itself
        m_before.push_back(value);
        if (m_before.size() > wanted) m_before.pop_front();
        if (m_before.size() < wanted) return false;
        const auto [least, most] = std::minmax_element(m_before.begin(), m_before.end());
        return *most - *least < m_rule.value;
    }
    const bool isFar = m_before.size() == wanted && isFarFromBefore(value);
    m_before.push_back(value);
    if (m_before.size() > wanted) m_before.pop_front();
    return isFar;
}

bool AlertWatch::isFarFromBefore(double value) const
{
    if (m_rule.when == When::ChangesBy) return std::abs(value - m_before.front()) >= m_rule.value;
    const auto n = static_cast<double>(m_before.size());
    const double mean = std::accumulate(m_before.begin(), m_before.end(), 0.0) / n;
    double squares = 0;
    for (const double one : m_before)
        squares += (one - mean) * (one - mean);
    const double sigma = std::sqrt(squares / (n - 1));
    const double away = std::abs(value - mean);
    // A series that stands still has no deviation: its own rounding is no spike.
    return away > m_rule.value * sigma && away > kRounding * std::max(std::abs(value), std::abs(mean));
}

std::optional<std::string> AlertWatch::point(std::int64_t step, double value, double now)
{
    m_heardAt = now;
    if (m_rule.when == When::Silent) {
        m_fired = false;
        return std::nullopt;
    }
    const double before = m_before.empty() ? 0 : m_before.front();
    if (!holds(value)) {
        m_inRow = 0;
        if (++m_quiet >= std::max(kQuietPoints, m_rule.points)) m_fired = false;
        return std::nullopt;
    }
    m_quiet = 0;
    if (++m_inRow < (spec::looksBack(m_rule.when) ? 1 : m_rule.points) || m_fired) return std::nullopt;
    m_fired = true;
    const std::string at = std::isfinite(value) ? shortText(value) : std::isnan(value) ? "NaN" : "infinite";
    return at + (m_rule.when == When::ChangesBy ? ", from " + shortText(before) : "") + " at step " +
           std::to_string(step);
}

std::optional<std::string> AlertWatch::tick(double now)
{
    if (m_rule.when != When::Silent || m_fired || now - m_heardAt < m_rule.value) return std::nullopt;
    m_fired = true;
    return "no point for " + numberText(m_rule.value) + " seconds";
}

} // namespace gradus::run
