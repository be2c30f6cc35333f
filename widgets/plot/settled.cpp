// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/settled.h"

#include "plot/plot_view.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

namespace gradus::plot {

namespace {

constexpr int kPollMilliseconds = 20;
constexpr int kSettleMilliseconds = 250; ///< longer than any throttle between data and paint

void spin(int milliseconds)
{
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace

bool waitUntil(const std::function<bool()>& done, double limitSeconds)
{
    QElapsedTimer clock;
    clock.start();
    while (!done()) {
        if (double(clock.elapsed()) > limitSeconds * 1000) return false;
        spin(kPollMilliseconds);
    }
    return true;
}

void settle(const QWidget& page)
{
    spin(kSettleMilliseconds);
    for (PlotView* chart : page.findChildren<PlotView*>())
        if (chart->isVisible()) chart->replotNow();
}

} // namespace gradus::plot
