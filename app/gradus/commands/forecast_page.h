// SPDX-License-Identifier: GPL-3.0-or-later
// A forecast as a page with figures: how it did where rungs were held out, and where it points.
#pragma once

#include "commands/forecast_text.h"
#include "report/report.h"

namespace gradus::app {

/// note: the author's own conclusion; may be empty.
report::Report forecastPage(const ForecastReport& made, const std::string& note);

} // namespace gradus::app
