// SPDX-License-Identifier: GPL-3.0-or-later
// What part of the run the lanes of a page show, and where the playhead stands: one for all of them.
#pragma once

#include "viewmodels/run_axis.h"

#include <QObject>

#include <optional>

namespace gradus::viewmodels {

inline constexpr double kLeastSpan = 0.005; ///< no closer than half a percent of the run

/// x is a fraction of the run. Shared by lanes, overview strip and mix; GUI thread only.
class LaneSpan final : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    double low() const { return m_low; }
    double high() const { return m_high; }
    bool isAll() const { return m_low == 0 && m_high == 1; }
    /// Clamped into the run; the length is kept where the run is long enough.
    void setRange(double low, double high);
    void showAll() { setRange(0, 1); }
    void pan(double delta) { setRange(m_low + delta, m_high + delta); }
    /// factor > 1 shows less; the place `about` stays where it is on the screen, where the run's ends allow it.
    void zoom(double about, double factor);

    /// The unit in which places are written.
    const RunAxis& axis() const { return m_axis; }
    void setAxis(const RunAxis& axis);

    std::optional<double> playhead() const { return m_playhead; }
    void setPlayhead(std::optional<double> x);

Q_SIGNALS:
    void rangeChanged();
    void playheadChanged();
    void axisChanged();

private:
    RunAxis m_axis;
    double m_low = 0;
    double m_high = 1;
    std::optional<double> m_playhead;
};

} // namespace gradus::viewmodels
