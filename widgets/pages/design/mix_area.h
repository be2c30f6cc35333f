// SPDX-License-Identifier: GPL-3.0-or-later
// The stacked area of the sources' shares over the ladder: its boundaries are dragged, its playhead is moved.
#pragma once

#include "common/theme.h"
#include "spec/mix_limits.h"
#include "viewmodels/mix_desk.h"

#include <QWidget>

#include <optional>

class QMenu;

namespace gradus::pages {

/// The first source lies on top, as in the list. Mouse: drag a boundary (Ctrl: steps of 5 %, Shift: all others pay in
/// proportion, Esc: back), press elsewhere to place the playhead, double-click for a key. Keys: Left and Right move the
/// playhead, PageUp and PageDown choose a source, Up and Down change its share there (Shift: by 5 %), Enter sets a key.
class MixArea final : public QWidget
{
    Q_OBJECT
public:
    MixArea(viewmodels::MixDesk& desk, common::ThemeController& theme, QWidget* parent = nullptr);

    QRectF plotArea() const; ///< in this widget's pixels
    double toX(double pixel) const;
    double toPixel(double x) const;
    /// Where the boundary below a source is drawn at x.
    QPointF boundaryAt(std::size_t source, double x) const;
    /// Marks the bands of sources in the generations in which they do not keep to a limit.
    void setViolations(const std::vector<spec::MixViolation>& violations);
    /// The menu of a source at x, made anew for each opening. The caller owns it.
    QMenu* makeMenu(std::size_t source, double x);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    /// The two neighbours whose boundary is dragged.
    struct Boundary
    {
        std::size_t above = 0;
        std::size_t below = 0;
    };
    struct Drag
    {
        Boundary boundary;
        viewmodels::Mix base = {};
        double x = 0;
        double startShare = 0;
        double startY = 0;
    };

    std::optional<Boundary> boundaryNear(const QPointF& position) const;
    std::size_t sourceAt(const QPointF& position) const;
    double reach() const;
    void drag(const QPointF& position, Qt::KeyboardModifiers modifiers);
    void cancelDrag();
    void insertKey(double x);
    void nudge(double delta);
    void describe();
    void paintBands(QPainter& painter) const;
    void paintBandNames(QPainter& painter) const;
    void paintAxes(QPainter& painter) const;
    void paintKeys(QPainter& painter) const;
    void paintPlayhead(QPainter& painter) const;
    void paintViolations(QPainter& painter) const;

    viewmodels::MixDesk& m_desk;
    common::ThemeController& m_theme;
    std::vector<spec::MixViolation> m_violations;
    std::optional<Drag> m_drag;
    bool m_movesPlayhead = false;
    struct
    {
        std::size_t source = 0;
        double playhead = 0;
    } m_before;           ///< the press: what Esc brings back
    int m_nudgeStep = -1; ///< merges the steps of one held arrow key
    std::size_t m_nudged = 0;
    double m_nudgedAt = -1;
};

} // namespace gradus::pages
