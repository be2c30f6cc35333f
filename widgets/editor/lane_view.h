// SPDX-License-Identifier: GPL-3.0-or-later
// The lane of one curve: draws its track, turns mouse and keyboard into gestures and key commands.
#pragma once

#include "editor/gesture.h"
#include "editor/key_commands.h"
#include "plot/lane_plot.h"
#include "viewmodels/lane_span.h"

#include <cmath>
#include <optional>
#include <utility>

class QMenu;

namespace gradus::editor {

class EasingPopover;
class InlineEditor;

/// One generation's place in the ruler.
struct RulerMark
{
    double x = 0; ///< where its step is taken, fraction of the run
    QString label;
    std::optional<double> taken = {}; ///< a square at this value: it is read here
};

/// A curve behind the edited one: a parent run's, a pinned run's.
struct LaneGhost
{
    QString name; ///< shown as it is
    schedule::Curve curve;
};

/// Shows a track and edits it; owns neither track nor theme. GUI thread only.
class LaneView final : public plot::LanePlot
{
    Q_OBJECT
public:
    LaneView(viewmodels::CurveTrack& track, common::ThemeController& theme, QWidget* parent = nullptr);
    ~LaneView() override;

    viewmodels::CurveTrack& track() const { return m_track; }
    void setRuler(const QVector<RulerMark>& marks);
    /// What the lane shows beside the saved curve, dotted. Hidden with it.
    void setExtraGhosts(const QVector<LaneGhost>& ghosts);
    /// Signs where something is wrong: said under the pointer, and to assistive technology.
    void showWarnings(const QVector<plot::WarningMark>& marks);
    QString warningAt(const QPointF& position) const; ///< what the sign under this pixel says; empty: none is there
    void setGhostVisible(bool visible);
    bool isGhostVisible() const { return m_ghostVisible; }
    void setHandlesVisible(bool visible);
    bool areHandlesVisible() const { return m_handlesVisible; }
    void setSnapping(bool on);
    bool isSnapping() const { return m_gesture.snapping(); }
    /// An axis by powers of ten; what the track wants until somebody chose.
    void setLogAxis(bool on);
    bool isLogAxis() const { return m_log; }
    std::optional<bool> chosenLogAxis() const { return m_logChosen; }
    const viewmodels::SnapGrid& grid() const { return m_grid; }
    KeyCommands& commands() { return m_commands; }

    /// The part of the run that is shown, and the playhead; the lane has one of its own until it is given one. Not
    /// owned.
    void setSpan(viewmodels::LaneSpan& span);
    viewmodels::LaneSpan& span() const { return *m_span; }
    void frameAll();
    void frameSelection();

    /// The number fields at a key: they take "0.52", "*1.1", "+0.05", "0.3*2"; Enter keeps, Tab goes on, Esc leaves.
    void openEditor(int index, bool atPlace = false);
    /// The field at a marker's flag: its name.
    void openMarkerName(int index);
    /// The menu of a place in the lane, made anew for each opening. The caller owns it.
    QMenu* makeMenu(const Target& target, double x);
    QMenu* makeInterpolationMenu();
    void openEasing();
    EasingPopover* easingPopover() const { return m_easing; } ///< null until it was opened

    /// Of an axis label: two where the lane is about 1 high, more where it is lower.
    int decimals() const;
    int decimalsAt(double y) const; ///< of one value: on an axis by powers of ten they differ
    /// Where a key or a handle is drawn, in this widget's pixels.
    QPointF pixelOf(const schedule::Key& key) const { return toPixel({key.x, key.y}); }

Q_SIGNALS:
    void ghostVisibleChanged(bool visible);
    void handlesVisibleChanged(bool visible);
    void snappingChanged(bool on);
    void logAxisChanged(bool on);
    void laneStepRequested(int direction); ///< Ctrl+Up: -1, Ctrl+Down: 1
    void lanePickRequested(int number);    ///< 1 is the first lane
    void renameRequested();                ///< F2
    void focused();                        ///< the keyboard is here now

protected:
    bool event(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    /// A drag that shows another part of the curve; Esc goes back to where it began.
    struct Pan
    {
        QPointF from;
        double xLow = 0, xHigh = 1, bottom = 0, top = 1;
        bool autoFrame = true;
    };
    /// A flag that is dragged, on what the text says.
    struct MarkerDrag
    {
        int index = 0;
        QPointF from;
        std::vector<schedule::Marker> shown;
        bool moved = false;
        bool discarding = false;
    };

    void refresh();
    void refreshMarks();
    void refreshFlags();
    void refreshTransformBox();
    void refreshTaken();
    void refreshGhosts();
    void refreshGrid();
    void refreshCursor();
    void refreshPlayhead();
    void refreshAxis();
    void fitRange(const QVector<QPointF>& curve);
    void chooseAxis();
    std::pair<double, double> logLimits() const; ///< of what is to be seen; 0, 0 where that reaches 0
    double warped(double y) const { return m_log ? std::log10(y) : y; }
    double unwarped(double y) const { return m_log ? std::pow(10, y) : y; }
    void applyRange();
    void describe();
    void addSegmentActions(QMenu& menu, int index);
    void popUp(QMenu* menu, const QPoint& globalPosition);
    QVector<QPointF> samplesOf(const schedule::Curve& curve) const;
    PointerEvent pointerEvent(const QPointF& position, Qt::KeyboardModifiers modifiers) const;

    // lane_input.cpp
    bool cancelDrag();
    void act(KeyOutcome outcome, int key);

    // lane_navigation.cpp
    bool isInRuler(const QPointF& position) const;
    void movePlayhead(const QPointF& position);
    void beginPan(const QPointF& position);
    void pan(const QPointF& position);
    void zoomY(double about, double factor);
    void openRange(Qt::Orientation orientation, const QPoint& place);

    // lane_markers.cpp
    void dragMarker(const PointerEvent& event, const QPointF& position);
    void dropMarker();
    void putMarker(double x);
    void toggleMarkerHere();
    void removeMarker(int index);
    void stepMarker(int direction);
    double placeOfKeyboard() const;

    viewmodels::CurveTrack& m_track;
    LaneGesture m_gesture;
    KeyCommands m_commands;
    viewmodels::SnapGrid m_grid;
    viewmodels::LaneSpan* m_span;
    QVector<RulerMark> m_ruler;
    QVector<LaneGhost> m_extraGhosts;
    InlineEditor* m_keyEditor;
    InlineEditor* m_rangeEditor;
    InlineEditor* m_nameEditor;
    EasingPopover* m_easing = nullptr;
    int m_hovered = -1;
    bool m_ghostVisible = true;
    bool m_handlesVisible = true;
    bool m_log = false;
    std::optional<bool> m_logChosen;
    bool m_autoFrame = true; ///< the range follows the curve until the user frames a part
    bool m_space = false;    ///< held: the left button pans
    double m_bottom = 0;     ///< of the visible range
    double m_top = 1.2;
    Qt::KeyboardModifiers m_held;
    std::optional<Pan> m_pan;
    std::optional<MarkerDrag> m_marker;
    bool m_movesPlayhead = false;
    std::optional<double> m_playheadBefore;
};

} // namespace gradus::editor
