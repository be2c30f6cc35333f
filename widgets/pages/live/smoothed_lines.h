// SPDX-License-Identifier: GPL-3.0-or-later
// A card's lines smoothed, each with its raw trace faint behind it.
#pragma once

#include "plot/time_plot.h"
#include "viewmodels/live_run.h"
#include "viewmodels/smoothing.h"

#include <QHash>
#include <QString>
#include <QVector>

namespace gradus::pages {

/// Series longer than this are drawn as they are: of what is thinned for the screen no honest average can be made, and
/// ten million points are not smoothed within a frame.
inline constexpr std::size_t kMostSmoothed = 50'000;

/// Remembers what it made: a card that is drawn again with the same points costs a comparison. GUI thread.
class SmoothedLines final
{
public:
    /// Only lines over steps are smoothed; what holds a value, or is points alone, is not. Intervals stay with the raw
    /// trace, whose they are.
    QVector<plot::Series> of(const QVector<plot::Series>& raw, const viewmodels::LiveRun& run, viewmodels::XAxis axis,
                             const viewmodels::Smoothing& smoothing);
    /// What stands on the card for the last call: the kind and strength, and what was left as it is; empty: nothing.
    const QString& stamp() const { return m_stamp; }

private:
    struct Made
    {
        viewmodels::Smoothing smoothing;
        QVector<QPointF> raw;
        QVector<QPointF> smooth;
    };
    QHash<QString, Made> m_made;
    QString m_stamp;
};

} // namespace gradus::pages
