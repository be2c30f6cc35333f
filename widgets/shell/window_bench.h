// SPDX-License-Identifier: GPL-3.0-or-later
// How quick the window is on this machine, held against its aims: behind `gradus-workbench --bench`.
#pragma once

#include "common/theme.h"

#include <QString>
#include <QVector>

#include <functional>

namespace gradus::shell {

/// One thing that was measured, in milliseconds of wall time.
struct BenchFigure
{
    QString name;
    double aim = 0;
    QVector<double> samples; ///< in the order in which they were taken; none: it could not be measured
    bool byP95 = false;      ///< the aim is for the 95th percentile, not for the median

    double median() const;
    double p95() const;
    bool isMet() const;
};

/// Measures each figure and hands it to `found` as soon as it is known. program: this program, which is started anew to
/// time its first paint; empty: that is left out. Takes about a minute and a gigabyte of memory. GUI thread.
void benchWindow(common::ThemeController& theme, const QString& program,
                 const std::function<void(const BenchFigure&)>& found);

/// A line of a table; of JSON where asked for.
QString benchLine(const BenchFigure& figure, bool json);

} // namespace gradus::shell
