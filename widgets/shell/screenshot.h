// SPDX-License-Identifier: GPL-3.0-or-later
// Renders a page to a PNG file once everything it shows has arrived.
#pragma once

#include "base/result.h"

#include <QString>

namespace gradus::shell {

class MainWindow;

/// Waits for the page (its data, then its paint) for at most limitSeconds, in an event loop of its own, and writes the
/// window as it stands. Failed when the time is over or the file cannot be written.
Result<void> saveScreenshot(MainWindow& window, const QString& page, const QString& file, double limitSeconds);

} // namespace gradus::shell
