// SPDX-License-Identifier: GPL-3.0-or-later
// Base of every chart: one QCustomPlot in the look of the theme, replotted rarely and only when seen.
#pragma once

#include "common/theme.h"

#include <QTimer>
#include <QWidget>

#include <functional>

class QCustomPlot;
class QCPAxis;
class QCPAxisRect;
class QCPLayer;
class QCPPainter;
class QPainter;

namespace gradus::plot {

/// Turns a coordinate into a tick's label.
using Formatter = std::function<QString(double)>;

/// Width in pixels of the gutters around the data; held equal in a column of charts so that crosshairs line up.
struct Margins
{
    int left = 44;
    int top = 18; ///< the lane of generation labels and event marks
    int right = 12;
    int bottom = 20;
};

/// A QWidget that owns the QCustomPlot (which gets no mouse events: subclasses handle them, in this widget's pixels).
/// Layers, back to front: bands, grid, events, main (lines), marks, axes, overlay (own buffer: repainting it does not
/// repaint the others). GUI thread only.
class PlotView : public QWidget
{
    Q_OBJECT
public:
    ~PlotView() override;

    void setMargins(const Margins& margins);
    const Margins& margins() const { return m_margins; }
    void setXFormatter(Formatter formatter);
    void setYFormatter(Formatter formatter); ///< default: as many decimals as the ticks need
    void setXTickCount(int count);           ///< wished number of ticks; they stand at round numbers
    void setYTickCount(int count);
    void setVerticalGrid(bool visible); ///< only where x is edited or read off
    /// The line in the middle while there is nothing to draw ("First evaluation at step 250"); empty: none.
    void setEmptyText(const QString& text);
    /// What assistive technology reads after the name: the numbers in words.
    void setSummary(const QString& summary);

    QPointF toPixel(const QPointF& coordinate) const;
    QPointF toCoordinate(const QPointF& pixel) const;
    QRectF plotArea() const; ///< the axis rectangle, in this widget's pixels
    double xLow() const;
    double xHigh() const;
    double yLow() const;
    double yHigh() const;

    int replotCount() const { return m_replots; } ///< full replots so far, for tests and budgets
    bool isReplotPending() const { return m_dirty; }
    /// Draws what is pending at once; screenshots and tests need no waiting.
    void replotNow();
    /// Draws the chart at its own size with its corner at `at`, as lines and text where painter is vectorised.
    void paintVectors(QCPPainter& painter, const QPointF& at);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    PlotView(common::ThemeController& theme, QWidget* parent);

    /// Asks for a replot: at most 30 a second, none while hidden (then once when shown).
    void scheduleReplot();
    /// Repaints the overlay alone.
    void replotOverlay();
    /// Called before each full replot: put data into the plot for the current ranges and pixel width.
    virtual void prepare() = 0;
    /// Pens and brushes from the tokens.
    virtual void restyle();
    virtual bool isEmpty() const = 0;
    const common::Tokens& tokens() const { return m_theme.tokens(); }

    /// A painter callback on a named layer ("bands", "events", "marks", "overlay").
    void addPainted(const char* layer, std::function<void(QPainter&)> paint);

    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

    QCustomPlot* plot() const { return m_plot; }

private:
    void buildLayers();
    void paintEmpty(QPainter& painter) const;

    common::ThemeController& m_theme;
    QCustomPlot* m_plot;
    Margins m_margins;
    QString m_emptyText;
    QTimer m_throttle;
    bool m_dirty = true;
    bool m_ring = false;
    int m_replots = 0;
};

} // namespace gradus::plot
