// SPDX-License-Identifier: GPL-3.0-or-later
// Drags among many crowded curves, and what their frames cost.
#pragma once

#include "schedule/curve.h"
#include "spec/experiment.h"
#include "support/thread_clock.h"

#include <QApplication>
#include <QMouseEvent>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace gradus::tests {

inline constexpr int kCrowdedKeys = 200;   ///< of each curve
inline constexpr double kFrameBudget = 16; ///< milliseconds, 95 of 100 frames, on a quiet desktop
inline constexpr double kFrameSlack = 4;   ///< a slow or shared processor takes several times as long

inline std::string crowdedCurve(int phase)
{
    schedule::Curve curve;
    for (int i = 0; i < kCrowdedKeys; ++i)
        curve.keys.push_back(
            {.x = static_cast<double>(i) / (kCrowdedKeys - 1), .y = 0.5 + 0.3 * std::sin(0.13 * i + phase)});
    return spec::curveToml(curve);
}

/// An experiment file with a drawn gap and so many sources with drawn weights.
inline std::string crowdedText(int sources)
{
    std::string text = "[ladder]\ngenerations = 4\n[gap]\ncontroller = \"schedule\"\ncurve = " + crowdedCurve(0) + "\n";
    for (int i = 1; i <= sources; ++i)
        text += "[[signals.source]]\nname = \"source " + std::to_string(i) +
                "\"\nkind = \"truth\"\nweight = " + crowdedCurve(i) + "\n";
    return text;
}

/// Processor time that 95 of 100 frames of a drag stay under, in milliseconds: the event, and all that repaint() draws.
/// Esc ends the drag, so that nothing has changed behind it.
inline double dragFrames(QWidget& widget, const QPoint& start, int frames, const std::function<QPoint(int)>& at,
                         const std::function<void()>& repaint)
{
    QTest::mousePress(&widget, Qt::LeftButton, {}, start);
    std::vector<double> milliseconds;
    for (int frame = 0; frame < frames; ++frame) {
        const double begin = threadMilliseconds();
        const QPoint to = at(frame);
        QMouseEvent event(QEvent::MouseMove, to, widget.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(&widget, &event);
        repaint();
        milliseconds.push_back(threadMilliseconds() - begin);
    }
    QTest::keyClick(&widget, Qt::Key_Escape);
    QTest::mouseRelease(&widget, Qt::LeftButton, {}, start);
    std::sort(milliseconds.begin(), milliseconds.end());
    return milliseconds[static_cast<std::size_t>(0.95 * frames)];
}

} // namespace gradus::tests
