// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/screenshot.h"

#include "base/text.h"
#include "plot/settled.h"
#include "shell/main_window.h"

namespace gradus::shell {

Result<void> saveScreenshot(MainWindow& window, const QString& page, const QString& file, double limitSeconds)
{
    if (!plot::waitUntil([&] { return window.desk().isReady(page); }, limitSeconds))
        return failed("The page '" + page.toStdString() + "' was not complete after " + numberText(limitSeconds) +
                      " s; is the store readable?");
    plot::settle(window);
    if (!window.grab().save(file, "PNG"))
        return failed("The picture could not be written to '" + visible(file.toStdString()) +
                      "'; check that its folder exists and may be written.");
    return {};
}

} // namespace gradus::shell
