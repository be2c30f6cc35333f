// SPDX-License-Identifier: GPL-3.0-or-later
// The shares of three sources as a point in a triangle: where the mix stands at the playhead, and its way over the run.
#pragma once

#include "viewmodels/mix_desk.h"

#include <QWidget>

#include <array>
#include <optional>

namespace gradus::common {
class ThemeController;
} // namespace gradus::common

namespace gradus::pages {

/// Shows the desk's sources where exactly three of them are on; else it says so. Dragging the point is one undo step,
/// Esc goes back; Up and Down change the selected source's share by a percent, Left and Right move the playhead. Owns
/// neither desk nor theme. GUI thread only.
class TernaryView final : public QWidget
{
    Q_OBJECT
public:
    TernaryView(viewmodels::MixDesk& desk, common::ThemeController& theme, QWidget* parent = nullptr);

    /// The three sources by index, at the left bottom, the right bottom and the top; none where not three are on.
    std::optional<std::array<std::size_t, 3>> corners() const;
    QPointF pointOf(const std::array<double, 3>& shares) const; ///< in this widget's pixels

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    std::array<QPointF, 3> triangle() const;
    std::array<double, 3> sharesAt(const viewmodels::MixEvaluator& mix, double x) const;
    std::array<double, 3> sharesUnder(const QPointF& pixel) const;
    void drag(const QPointF& pixel, Qt::KeyboardModifiers modifiers);
    void nudge(double delta);
    void describe();

    viewmodels::MixDesk& m_desk;
    common::ThemeController& m_theme;
    bool m_dragging = false;
    int m_nudgeStep = -1;
};

} // namespace gradus::pages
