// SPDX-License-Identifier: GPL-3.0-or-later
// A page's lanes in a window of their own: the gap, two sources' weights under it, the overview strip. Real events go
// in.
#pragma once

#include "editor/lane_group.h"
#include "editor/lane_stack.h"
#include "editor/lane_view.h"
#include "editor/overview_strip.h"
#include "viewmodels/weight_track.h"

#include <QApplication>
#include <QMouseEvent>
#include <QTest>
#include <QVBoxLayout>

#include <memory>

namespace gradus::tests {

inline const std::string kLaneText = "[gap] # drawn by hand\n"
                                     "curve = { keys = [[0.0, 0.30], [0.4, 0.5], [0.7, 0.62], [1.0, 0.90]] }\n"
                                     "markers = [[0.25, \"audit\"], [0.8, \"\"]] # two\n"
                                     "[ladder]\n"
                                     "generations = 4\n"
                                     "[[signals.source]]\n"
                                     "name = \"past\" # first\n"
                                     "kind = \"model\"\n"
                                     "weight = { keys = [[0.0, 0.2], [0.5, 0.6], [1.0, 0.9]] }\n"
                                     "[[signals.source]]\n"
                                     "name = \"truth\"\n"
                                     "kind = \"truth\"\n";

struct LaneBench
{
    common::ThemeController theme{*qobject_cast<QApplication*>(QCoreApplication::instance()), common::Theme::Light};
    viewmodels::ScheduleDocument document;
    viewmodels::MixDesk desk{document};
    viewmodels::WeightTrack past{desk, 0};
    viewmodels::WeightTrack truth{desk, 1};
    editor::LaneGroup group;
    QWidget window;
    editor::LaneView* lane = nullptr; ///< of the gap
    editor::LaneStack* stack = nullptr;
    editor::OverviewStrip* strip = nullptr;

    LaneBench()
    {
        if (!document.setText(kLaneText)) qFatal("the test's own text is refused");
        auto* column = new QVBoxLayout(&window);
        column->setContentsMargins(0, 0, 0, 0);
        lane = new editor::LaneView(document, theme);
        stack = new editor::LaneStack(theme);
        stack->setTracks({&past, &truth}, 2);
        stack->setFixedHeight(150); // not enough for two: they scroll
        strip = new editor::OverviewStrip(document, group.span(), theme);
        column->addWidget(lane, 1);
        column->addWidget(stack);
        column->addWidget(strip);
        group.setLanes({lane, stack->lanes()[0], stack->lanes()[1]});
        window.resize(900, 620);
        window.show();
        window.activateWindow();
        if (!QTest::qWaitForWindowActive(&window)) qFatal("the window got no focus");
        lane->setFocus();
        lane->replotNow();
    }
    QPoint at(double x, double y) const { return lane->toPixel({x, y}).toPoint(); }
    QPoint key(int index) const { return lane->pixelOf(keyAt(index)).toPoint(); }
    const schedule::Key& keyAt(int index) const { return document.curve().keys[static_cast<std::size_t>(index)]; }
    int count() const { return static_cast<int>(document.curve().keys.size()); }
    double valueAt(double x) const { return schedule::Evaluator(document.curve())(x); }
    QPoint onCurve(double x) const { return at(x, valueAt(x)); }

    /// QTest::mouseMove carries no buttons; a drag needs them.
    static void move(QWidget& widget, const QPoint& to, Qt::KeyboardModifiers modifiers = {},
                     Qt::MouseButton button = Qt::LeftButton)
    {
        QMouseEvent event(QEvent::MouseMove, to, widget.mapToGlobal(to), Qt::NoButton, button, modifiers);
        QApplication::sendEvent(&widget, &event);
    }
    void move(const QPoint& to, Qt::KeyboardModifiers modifiers = {}) { move(*lane, to, modifiers); }
    static void drag(QWidget& widget, const QPoint& from, const QPoint& to, Qt::KeyboardModifiers modifiers = {},
                     Qt::MouseButton button = Qt::LeftButton)
    {
        QTest::mousePress(&widget, button, modifiers, from);
        move(widget, (from + to) / 2, modifiers, button);
        move(widget, to, modifiers, button);
        QTest::mouseRelease(&widget, button, modifiers, to);
    }
    void drag(const QPoint& from, const QPoint& to, Qt::KeyboardModifiers modifiers = {})
    {
        drag(*lane, from, to, modifiers);
    }
    void press(int key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(lane, Qt::Key(key), modifiers); }
    void select(viewmodels::KeyIndices indices) { document.selection().set(indices, indices.front()); }
    static void wheel(QWidget& widget, const QPoint& at, int notches, Qt::KeyboardModifiers modifiers = {})
    {
        QWheelEvent event(at, widget.mapToGlobal(at), {}, QPoint(0, 120 * notches), Qt::NoButton, modifiers,
                          Qt::NoScrollPhase, false);
        QSpontaneKeyEvent::setSpontaneous(&event); // only what comes from outside goes on to parents
        qApp->notify(&widget, &event);
    }
};

} // namespace gradus::tests
