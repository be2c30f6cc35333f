// SPDX-License-Identifier: GPL-3.0-or-later
// Short words written into a plot at places of its own coordinates, such as PGR under each generation.
#pragma once

#include "common/theme.h"
#include "plot/time_plot.h"

#include <QVector>
#include <QWidget>

namespace gradus::pages {

struct PlotNote
{
    double first = 0; ///< the words are centred over [first, last] and left out when they do not fit
    double last = 0;
    QString text;

    friend bool operator==(const PlotNote&, const PlotNote&) = default;
};

/// Lies over a TimePlot, takes no mouse events, writes along the lower edge of its plot area.
class PlotNotes final : public QWidget
{
    Q_OBJECT
public:
    PlotNotes(plot::TimePlot& plot, const common::ThemeController& theme);
    void setNotes(const QVector<PlotNote>& notes);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    plot::TimePlot& m_plot;
    const common::ThemeController& m_theme;
    QVector<PlotNote> m_notes;
};

} // namespace gradus::pages
