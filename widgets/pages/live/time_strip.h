// SPDX-License-Identifier: GPL-3.0-or-later
// The time line under Live's header: generations, stage bands, event marks, now, the visible range and the playhead.
#pragma once

#include "common/theme.h"
#include "viewmodels/live_run.h"
#include "viewmodels/time_window.h"

#include <QVector>
#include <QWidget>

namespace gradus::pages {

/// One painted widget, 60 px high. Reads a LiveRun and moves a TimeWindow, which must outlive it.
/// Click or drag on the bands sets the cursor; drag of the thumb or its grips sets the visible range.
class TimeStrip final : public QWidget
{
    Q_OBJECT
public:
    static constexpr int kHeight = 60;

    TimeStrip(const viewmodels::LiveRun& run, viewmodels::TimeWindow& window, const common::ThemeController& theme,
              QWidget* parent = nullptr);

    /// Reads bands and events again.
    void refresh();
    /// Where a step lies; for tests and tooltips.
    double pixelOf(double step) const;
    QString toolTipAt(const QPoint& at) const;

    QSize sizeHint() const override { return {480, kHeight}; }
    QSize minimumSizeHint() const override { return {200, kHeight}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    enum class Drag
    {
        None,
        Cursor,
        Thumb,
        FirstGrip,
        LastGrip,
    };
    /// An event, or several that lie within 8 px of each other.
    struct Mark
    {
        double x = 0;
        bool alert = false;
        bool checkpoint = false;
        QVector<const store::EventRow*> events;
    };

    double stepAt(double pixel) const;
    double axisX(double step) const; ///< x in the window's unit; steps ahead are extrapolated
    QVector<Mark> marks() const;
    Drag partAt(const QPoint& at) const;
    void paintNothingYet(QPainter& painter) const;
    void paintGenerations(QPainter& painter) const;
    void paintBands(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintThumb(QPainter& painter) const;
    void paintTicks(QPainter& painter) const;
    void paintPlayhead(QPainter& painter) const;

    const viewmodels::LiveRun& m_run;
    viewmodels::TimeWindow& m_window;
    const common::ThemeController& m_theme;
    std::vector<viewmodels::StageBand> m_bands;
    double m_end = 1; // last step of the plan
    Drag m_drag = Drag::None;
    double m_dragStep = 0;
    double m_dragFirst = 0;
    double m_dragLast = 0;
};

} // namespace gradus::pages
