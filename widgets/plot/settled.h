// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting for a page without a user: until what it shows has arrived, then until it is painted.
#pragma once

#include <functional>

class QWidget;

namespace gradus::plot {

/// Runs an event loop of its own until done() or limitSeconds are over; whether it was done. GUI thread.
bool waitUntil(const std::function<bool()>& done, double limitSeconds);

/// Lets throttles between data and paint run out, then paints every visible chart below the widget now.
void settle(const QWidget& page);

} // namespace gradus::plot
