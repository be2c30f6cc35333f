// SPDX-License-Identifier: GPL-3.0-or-later
// The lane of the gap curve: draws the document, turns mouse and keyboard into gestures and key commands.
#pragma once

#include "editor/gesture.h"
#include "editor/key_commands.h"
#include "plot/lane_plot.h"

class QLineEdit;
class QMenu;

namespace gradus::editor {

/// One generation's place in the ruler.
struct RulerMark
{
    double x = 0; ///< where its step is taken, fraction of the run
    QString label;
    std::optional<double> taken = {}; ///< a square at this value: it is read here
};

/// Shows a document and edits it; owns neither document nor theme. GUI thread only.
class LaneView final : public plot::LanePlot
{
    Q_OBJECT
public:
    LaneView(viewmodels::ScheduleDocument& document, common::ThemeController& theme, QWidget* parent = nullptr);
    ~LaneView() override;

    void setRuler(const QVector<RulerMark>& marks);
    void setGhostVisible(bool visible);
    bool isGhostVisible() const { return m_ghostVisible; }
    void setSnapping(bool on);
    bool isSnapping() const { return m_gesture.snapping(); }
    const viewmodels::SnapGrid& grid() const { return m_grid; }
    KeyCommands& commands() { return m_commands; }

    void frameAll();
    void frameSelection();
    /// The number field at a key: takes "0.52", "*1.1", "+0.05"; Enter keeps, Esc leaves.
    void openEditor(int index);
    /// The menu of a place in the lane, made anew for each opening. The caller owns it.
    QMenu* makeMenu(const Target& target, double x);
    QMenu* makeInterpolationMenu();

    /// Where a key or a handle is drawn, in this widget's pixels.
    QPointF pixelOf(const schedule::Key& key) const { return toPixel({key.x, key.y}); }

    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    void ghostVisibleChanged(bool visible);
    void snappingChanged(bool on);

protected:
    bool event(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void refresh();
    void refreshMarks();
    void refreshGrid();
    void refreshCursor();
    void describe();
    void commitEditor();
    void closeEditor();
    void popUp(QMenu* menu, const QPoint& globalPosition);
    QVector<QPointF> samplesOf(const schedule::Curve& curve) const;
    PointerEvent pointerEvent(const QPointF& position, Qt::KeyboardModifiers modifiers) const;

    viewmodels::ScheduleDocument& m_document;
    LaneGesture m_gesture;
    KeyCommands m_commands;
    viewmodels::SnapGrid m_grid;
    QVector<RulerMark> m_ruler;
    QLineEdit* m_editor;
    int m_editedKey = -1;
    int m_hovered = -1;
    bool m_ghostVisible = true;
    bool m_autoFrame = true; ///< the range follows the curve until the user frames a part
    double m_bottom = 0;     ///< of the visible range
    double m_top = 1.2;
};

} // namespace gradus::editor
