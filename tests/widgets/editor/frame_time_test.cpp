// SPDX-License-Identifier: GPL-3.0-or-later
// What a frame of a drag costs with twenty lanes of two hundred keys, all ghosts shown. QT_SCALE_FACTOR=2 gives the
// figure of a screen with twice the pixels.
#include "editor/lane_group.h"
#include "editor/lane_stack.h"
#include "editor/lane_view.h"
#include "support/suite.h"
#include "support/thread_clock.h"
#include "viewmodels/weight_track.h"

#include <QApplication>
#include <QMouseEvent>
#include <QTest>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

using namespace gradus;

namespace {

constexpr int kLanes = 20;
constexpr int kKeys = 200;
constexpr int kFrames = 120;
constexpr double kBudget = 16; ///< milliseconds, 95 of 100 frames, on a quiet desktop
constexpr double kSlack = 4;   ///< a slow or shared processor takes several times as long

std::string curveText(int phase)
{
    schedule::Curve curve;
    for (int i = 0; i < kKeys; ++i)
        curve.keys.push_back({.x = static_cast<double>(i) / (kKeys - 1), .y = 0.5 + 0.3 * std::sin(0.13 * i + phase)});
    return spec::curveToml(curve);
}

std::string crowdedText()
{
    std::string text = "[ladder]\ngenerations = 4\n[gap]\ncurve = " + curveText(0) + "\n";
    for (int i = 1; i < kLanes; ++i)
        text += "[[signals.source]]\nname = \"source " + std::to_string(i) +
                "\"\nkind = \"truth\"\nweight = " + curveText(i) + "\n";
    return text;
}

void move(QWidget& widget, const QPoint& to)
{
    QMouseEvent event(QEvent::MouseMove, to, widget.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(&widget, &event);
}

/// The frame time that 95 of 100 frames of a drag stay under, in milliseconds: the event, and the replot of every lane
/// that it changed.
double dragged(editor::LaneView& lane, const QVector<editor::LaneView*>& all)
{
    const auto at = [&](double x, double y) { return lane.toPixel({x, y}).toPoint(); };
    const schedule::Key& key = lane.track().curve().keys[kKeys / 2];
    const QPoint start = lane.pixelOf(key).toPoint();
    QTest::mousePress(&lane, Qt::LeftButton, {}, start);
    std::vector<double> milliseconds;
    for (int frame = 0; frame < kFrames; ++frame) {
        const double begin = tests::threadMilliseconds();
        move(lane, at(key.x, 0.5 + 0.3 * std::sin(0.1 * frame)));
        for (editor::LaneView* one : all)
            if (one->isReplotPending()) one->replotNow();
        milliseconds.push_back(tests::threadMilliseconds() - begin);
    }
    QTest::keyClick(&lane, Qt::Key_Escape);
    QTest::mouseRelease(&lane, Qt::LeftButton, {}, start);
    std::sort(milliseconds.begin(), milliseconds.end());
    return milliseconds[static_cast<std::size_t>(0.95 * kFrames)];
}

} // namespace

class FrameTimeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dragAmongTwentyLanesOfTwoHundredKeys_fitsAFrame()
    {
        common::ThemeController theme(*qobject_cast<QApplication*>(QCoreApplication::instance()), common::Theme::Light);
        viewmodels::ScheduleDocument document;
        const auto taken = document.setText(crowdedText());
        QVERIFY2(taken.ok(), taken ? "" : taken.error().message.c_str());
        viewmodels::MixDesk desk(document);
        std::vector<std::unique_ptr<viewmodels::WeightTrack>> tracks;
        QVector<viewmodels::CurveTrack*> shown;
        for (std::size_t i = 0; i + 1 < kLanes; ++i) {
            tracks.push_back(std::make_unique<viewmodels::WeightTrack>(desk, i));
            shown.append(tracks.back().get());
        }
        editor::LaneGroup group;
        QWidget window;
        auto* column = new QVBoxLayout(&window);
        auto* gap = new editor::LaneView(document, theme);
        auto* stack = new editor::LaneStack(theme);
        stack->setTracks(shown, 2);
        column->addWidget(gap);
        column->addWidget(stack, 1);
        QVector<editor::LaneView*> all{gap};
        all += stack->lanes();
        group.setLanes(all);
        for (editor::LaneView* lane : all) {
            schedule::Curve other = lane->track().curve();
            for (schedule::Key& key : other.keys)
                key.y *= 0.9;
            lane->setExtraGhosts(
                {{QStringLiteral("parent"), lane->track().curve()}, {QStringLiteral("pinned"), other}});
            // Beside the saved curve, which is drawn once something differs from it.
            (void)lane->track().setCurve(other, QStringLiteral("differ"));
        }
        window.resize(1368, 3000);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        for (editor::LaneView* lane : all) {
            QVERIFY(lane->isVisible()); // what is not is not drawn
            lane->replotNow();
        }
        for (editor::LaneView* lane : {gap, stack->lanes()[7]}) {
            lane->setFocus();
            // The machine may be busy with other things: the best of three passes is what the program needs.
            double best = 1e9;
            for (int pass = 0; pass < 3; ++pass)
                best = std::min(best, dragged(*lane, all));
            std::printf("drag in %s at scale %g: %.1f ms for 95 of 100 frames\n", qPrintable(lane->accessibleName()),
                        window.devicePixelRatioF(), best);
            QVERIFY2(best < kSlack * kBudget * tests::kPatience, qPrintable(QString::number(best)));
        }
        QVERIFY(document.text().size() > 100000); // the curves were really there
    }
};
GRADUS_SUITE(FrameTimeTest)
#include "frame_time_test.moc"
