// SPDX-License-Identifier: GPL-3.0-or-later
// What a frame of a drag costs on the Design page itself, with a gap and nineteen sources of two hundred keys, all
// ghosts shown. QT_SCALE_FACTOR=2 gives the figure of a screen with twice the pixels.
#include "design_desk.h"
#include "editor/lane_view.h"
#include "pages/design/mix_area.h"
#include "pages/design/mix_panel.h"
#include "support/suite.h"
#include "support/thread_clock.h"

#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

using namespace gradus;

namespace {

constexpr int kSources = 19;
constexpr int kKeys = 200;
constexpr int kFrames = 60;
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
    std::string text = "[ladder]\ngenerations = 4\n[gap]\ncontroller = \"schedule\"\ncurve = " + curveText(0) + "\n";
    for (int i = 1; i <= kSources; ++i)
        text += "[[signals.source]]\nname = \"source " + std::to_string(i) +
                "\"\nkind = \"truth\"\nweight = " + curveText(i) + "\n";
    return text;
}

void move(QWidget& widget, const QPoint& to)
{
    QMouseEvent event(QEvent::MouseMove, to, widget.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(&widget, &event);
}

/// The frame time that 95 of 100 frames of a drag stay under, in milliseconds: the event, every replot that it asks
/// for, and the painting of all that is dirty on the page.
double dragged(tests::DesignDesk& desk, QWidget& widget, const QPoint& start, const std::function<QPoint(int)>& at)
{
    QTest::mousePress(&widget, Qt::LeftButton, {}, start);
    std::vector<double> milliseconds;
    for (int frame = 0; frame < kFrames; ++frame) {
        const double begin = tests::threadMilliseconds();
        move(widget, at(frame));
        for (const auto& lane : desk.page.lanes().lanes())
            if (lane->isVisible() && lane->isReplotPending()) lane->replotNow();
        QCoreApplication::processEvents();
        milliseconds.push_back(tests::threadMilliseconds() - begin);
    }
    QTest::keyClick(&widget, Qt::Key_Escape);
    QTest::mouseRelease(&widget, Qt::LeftButton, {}, start);
    std::sort(milliseconds.begin(), milliseconds.end());
    return milliseconds[static_cast<std::size_t>(0.95 * kFrames)];
}

void check(const char* what, tests::DesignDesk& desk, const std::function<double()>& pass)
{
    // The machine may be busy with other things: the better of two passes is what the program needs.
    double best = 1e9;
    for (int i = 0; i < 2; ++i)
        best = std::min(best, pass());
    std::printf("Design page, drag of %s at scale %g: %.1f ms for 95 of 100 frames\n", what,
                desk.page.devicePixelRatioF(), best);
    QVERIFY2(best < kSlack * kBudget * tests::kPatience, qPrintable(QString::number(best)));
}

} // namespace

class DesignFramesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dragsOnACrowdedPage_fitAFrame()
    {
        tests::DesignDesk desk(crowdedText());
        pages::MixPanel& mix = desk.page.mix();
        QCOMPARE(desk.page.lanes().lanes().size(), kSources + 1);
        for (const auto& lane : desk.page.lanes().lanes()) {
            schedule::Curve other = lane->track().curve();
            for (schedule::Key& key : other.keys)
                key.y *= 0.9;
            lane->setExtraGhosts(
                {{QStringLiteral("parent"), lane->track().curve()}, {QStringLiteral("pinned"), other}});
            // Beside the saved curve, which is drawn once something differs from it.
            (void)lane->track().setCurve(other, QStringLiteral("differ"));
        }
        const auto key = [&](editor::LaneView& lane) {
            lane.setFocus();
            const schedule::Key& middle = lane.track().curve().keys[kKeys / 2];
            return dragged(desk, lane, lane.pixelOf(middle).toPoint(), [&lane, x = middle.x](int frame) {
                return lane.toPixel({x, 0.5 + 0.3 * std::sin(0.1 * frame)}).toPoint();
            });
        };
        check("a gap key", desk, [&] { return key(desk.page.lane()); });
        check("a mix boundary", desk, [&] {
            const QPoint start = mix.area().boundaryAt(8, 0.5).toPoint();
            return dragged(desk, mix.area(), start, [start](int frame) {
                return start + QPoint(0, static_cast<int>(std::lround(8 * std::sin(0.1 * frame))));
            });
        });
        mix.showView(pages::MixPanel::View::Lanes);
        QCoreApplication::processEvents();
        check("a source's key", desk, [&] { return key(*mix.lanes()[0]); });
        QVERIFY(desk.document().text().size() > 100000); // the curves were really there
    }
};
GRADUS_SUITE(DesignFramesTest)
#include "design_frames_test.moc"
