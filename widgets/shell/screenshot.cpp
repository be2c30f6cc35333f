// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/screenshot.h"

#include "base/text.h"
#include "plot/plot_view.h"
#include "shell/main_window.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QThread>
#include <QTimer>

namespace gradus::shell {

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

Result<void> saveScreenshot(MainWindow& window, const QString& page, const QString& file, double limitSeconds)
{
    QElapsedTimer clock;
    clock.start();
    while (!window.desk().isReady(page)) {
        if (double(clock.elapsed()) > limitSeconds * 1000)
            return failed("The page '" + page.toStdString() + "' was not complete after " + numberText(limitSeconds) +
                          " s; is the store readable?");
        spin(kPollMilliseconds);
    }
    spin(kSettleMilliseconds);
    for (plot::PlotView* chart : window.findChildren<plot::PlotView*>())
        if (chart->isVisible()) chart->replotNow();
    if (!window.grab().save(file, "PNG"))
        return failed("The picture could not be written to '" + visible(file.toStdString()) +
                      "'; check that its folder exists and may be written.");
    return {};
}

} // namespace gradus::shell
