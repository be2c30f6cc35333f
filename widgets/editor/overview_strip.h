// SPDX-License-Identifier: GPL-3.0-or-later
// The whole run in a strip: the curve in small, the part that the lanes show, and a brush to choose it.
#pragma once

#include "common/theme.h"
#include "viewmodels/curve_track.h"
#include "viewmodels/lane_span.h"

#include <QWidget>

namespace gradus::editor {

/// Dragging draws a range, moves it or one of its ends; a double click shows all; Esc in a drag goes back. Keys: arrows
/// move the range, + and - zoom, Home shows all. Owns neither track, span nor theme. GUI thread only.
class OverviewStrip final : public QWidget
{
    Q_OBJECT
public:
    OverviewStrip(viewmodels::CurveTrack& track, viewmodels::LaneSpan& span, common::ThemeController& theme,
                  QWidget* parent = nullptr);

    /// What the lanes leave free left and right beyond their own margins.
    void setGutters(int left, int right);
    double pixelOf(double x) const; ///< of a fraction of the run, in this widget's pixels
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    enum class Grip
    {
        None,
        Low,
        High,
        Inside,
        Draw,
    };
    Grip gripAt(double pixel) const;
    double fractionAt(double pixel) const;
    void describe();

    viewmodels::CurveTrack& m_track;
    viewmodels::LaneSpan& m_span;
    common::ThemeController& m_theme;
    double left() const;
    double right() const; ///< from the strip's right edge

    int m_gutterLeft = 0;
    int m_gutterRight = 0;
    Grip m_grip = Grip::None;
    double m_from = 0; ///< fraction under the press
    double m_lowBefore = 0;
    double m_highBefore = 1;
};

} // namespace gradus::editor
