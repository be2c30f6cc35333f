// SPDX-License-Identifier: GPL-3.0-or-later
// A page's lanes in a window of their own: the gap or a number that is drawn over the run, two sources' weights under
// it, the overview strip. Real events go in.
#pragma once

#include "editor/lane_group.h"
#include "editor/lane_stack.h"
#include "editor/lane_view.h"
#include "editor/overview_strip.h"
#include "viewmodels/number_track.h"
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

/// The same with a learning rate that is drawn in the gap's shape, a hundredth as high.
inline const std::string kNumberText =
    kLaneText + "[training] # tuning\n"
                "learning_rate = { keys = [[0.0, 0.003], [0.4, 0.005], [0.7, 0.0062], [1.0, 0.009]] } # drawn\n";

enum class Edited
{
    Gap,
    Number,
};

/// All values go in and out in the gap's units: those of a number are `unit` times as large.
struct LaneBench
{
    const std::string text;
    const double unit;
    common::ThemeController theme{*qobject_cast<QApplication*>(QCoreApplication::instance()), common::Theme::Light};
    viewmodels::ScheduleDocument document;
    viewmodels::MixDesk desk{document};
    viewmodels::WeightTrack past{desk, 0};
    viewmodels::WeightTrack truth{desk, 1};
    std::unique_ptr<viewmodels::NumberTrack> number;
    editor::LaneGroup group;
    QWidget window;
    viewmodels::CurveTrack* track = nullptr; ///< that is edited
    editor::LaneView* lane = nullptr;        ///< of it
    editor::LaneStack* stack = nullptr;
    editor::OverviewStrip* strip = nullptr;

    explicit LaneBench(Edited edited = Edited::Gap)
        : text(edited == Edited::Gap ? kLaneText : kNumberText), unit(edited == Edited::Gap ? 1 : 0.01)
    {
        if (!document.setText(text)) qFatal("the test's own text is refused");
        auto* column = new QVBoxLayout(&window);
        column->setContentsMargins(0, 0, 0, 0);
        QWidget* upper = nullptr;
        if (edited == Edited::Gap) {
            track = &document;
            upper = lane = new editor::LaneView(document, theme);
        } else { // as the Design page shows it
            number = std::make_unique<viewmodels::NumberTrack>(document, "training.learning_rate");
            track = number.get();
            auto* numbers = new editor::LaneStack(theme);
            numbers->setTracks({track}, 1);
            lane = numbers->lanes().front();
            upper = numbers;
        }
        stack = new editor::LaneStack(theme);
        stack->setTracks({&past, &truth}, 2);
        stack->setFixedHeight(150); // not enough for two: they scroll
        strip = new editor::OverviewStrip(document, group.span(), theme);
        column->addWidget(upper, 1);
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
    QPointF pixel(double x, double y) const { return lane->toPixel({x, y * unit}); }
    QPoint at(double x, double y) const { return pixel(x, y).toPoint(); }
    QPoint key(int index) const { return at(keyAt(index).x, keyAt(index).y); }
    schedule::Key keyAt(int index) const
    {
        schedule::Key key = track->curve().keys[static_cast<std::size_t>(index)];
        for (double* value : {&key.y, &key.left.dy, &key.right.dy})
            *value /= unit;
        return key;
    }
    int count() const { return static_cast<int>(track->curve().keys.size()); }
    double valueAt(double x) const { return schedule::Evaluator(track->curve())(x) / unit; }
    double yStep() const { return lane->grid().yStep / unit; }
    QString typed(double value) const { return QString::number(value * unit); }
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
    void select(viewmodels::KeyIndices indices) { track->selection().set(indices, indices.front()); }
    static void wheel(QWidget& widget, const QPoint& at, int notches, Qt::KeyboardModifiers modifiers = {})
    {
        QWheelEvent event(at, widget.mapToGlobal(at), {}, QPoint(0, 120 * notches), Qt::NoButton, modifiers,
                          Qt::NoScrollPhase, false);
        QSpontaneKeyEvent::setSpontaneous(&event); // only what comes from outside goes on to parents
        qApp->notify(&widget, &event);
    }
};

} // namespace gradus::tests
