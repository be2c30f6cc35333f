// SPDX-License-Identifier: GPL-3.0-or-later
// Whether an alert rule holds, point by point. No I/O, no clock of its own.
#pragma once

#include "spec/alert_rules.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace gradus::run {

/// Points in a row for which a rule must not hold before it fires again; its own number of points where that is more.
inline constexpr int kQuietPoints = 10;

/// One rule. It fires once when it begins to hold, and again only after it has not held for a while: a noisy series
/// crosses a threshold a hundred times, and one message is enough. Points come in the order in which they are logged;
/// times are monotonic seconds.
class AlertWatch final
{
public:
    AlertWatch(spec::AlertRule rule, double now) : m_rule(std::move(rule)), m_heardAt(now) {}

    const spec::AlertRule& rule() const { return m_rule; }
    /// A point of the rule's series; what there is to say where the rule fires: "2.71 at step 120".
    std::optional<std::string> point(std::int64_t step, double value, double now);
    /// Time went by; says so where the series has been silent for too long.
    std::optional<std::string> tick(double now);
    /// The run was held: that is no silence.
    void hold(double now) { m_heardAt = now; }

private:
    bool holds(double value);
    bool isFarFromBefore(double value) const; ///< m_before has all of its points

    spec::AlertRule m_rule;
    double m_heardAt;
    int m_inRow = 0;             ///< points in a row for which it held
    int m_quiet = 0;             ///< points in a row for which it did not
    bool m_fired = false;        ///< since it was last quiet for long enough
    std::deque<double> m_before; ///< rules that look back: the newest `points` values
};

} // namespace gradus::run
