// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/alert_watch.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace gradus::run {

using When = spec::AlertRule::When;

namespace {

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
        break;
    }
    if (!std::isfinite(value)) {
        m_before.clear(); // a change is between two numbers with none missing between them
        return false;
    }
    const bool isFar = m_before.size() == static_cast<std::size_t>(m_rule.points) &&
                       std::abs(value - m_before.front()) >= m_rule.value;
    m_before.push_back(value);
    if (m_before.size() > static_cast<std::size_t>(m_rule.points)) m_before.pop_front();
    return isFar;
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
    const bool isChange = m_rule.when == When::ChangesBy;
    if (++m_inRow < (isChange ? 1 : m_rule.points) || m_fired) return std::nullopt;
    m_fired = true;
    const std::string at = std::isfinite(value) ? shortText(value) : std::isnan(value) ? "NaN" : "infinite";
    return at + (isChange ? ", from " + shortText(before) : "") + " at step " + std::to_string(step);
}

std::optional<std::string> AlertWatch::tick(double now)
{
    if (m_rule.when != When::Silent || m_fired || now - m_heardAt < m_rule.value) return std::nullopt;
    m_fired = true;
    return "no point for " + numberText(m_rule.value) + " seconds";
}

} // namespace gradus::run
