// SPDX-License-Identifier: GPL-3.0-or-later
// QCustomPlot pieces shared by the charts of this room; not for other rooms.
#pragma once

#include "common/tokens.h"
#include "plot/marker.h"
#include "plot/plot_view.h"

#include <qcustomplot.h>

namespace gradus::plot {

/// A painter callback as a layerable: bands, marks and overlays need no plottable of their own.
class Painted final : public QCPLayerable
{
public:
    Painted(QCustomPlot* plot, const QString& layer, std::function<void(QPainter&)> paint)
        : QCPLayerable(plot, layer), m_paint(std::move(paint))
    {
    }

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(false); }
    void draw(QCPPainter* painter) override
    {
        painter->setLayoutDirection(Qt::LeftToRight); // of time, whatever the window's is
        m_paint(*painter);
    }

private:
    std::function<void(QPainter&)> m_paint;
};

/// Steps of 1, 2 or 5 times a power of ten (or given positions), with our own number texts.
class FormatTicker final : public QCPAxisTicker
{
public:
    Formatter formatter; ///< empty: as many decimals as the step needs
    QVector<double> positions;

protected:
    double getTickStep(const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;
    QVector<double> createTickVector(double step, const QCPRange& range) override;

private:
    double m_step = 1;
};

/// A pen of width 1 (the only width that QCustomPlot and the raster engine draw quickly).
QPen linePen(const QColor& colour, const QVector<qreal>& dash = {});

/// Labels at the right ends of lines, pushed apart so that none covers another.
struct EndLabel
{
    double y = 0; ///< pixels
    QString text;
    QColor colour;
};
void paintEndLabels(QPainter& painter, QVector<EndLabel> labels, double x, const QRectF& area);

/// A flat tag with text, centred at x above or below y, kept inside bounds.
void paintTag(QPainter& painter, const QPointF& at, const QString& text, const QColor& fill, const QColor& ink,
              const QRectF& bounds, const QColor& frame = {});

} // namespace gradus::plot
