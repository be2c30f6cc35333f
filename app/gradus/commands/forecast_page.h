// SPDX-License-Identifier: GPL-3.0-or-later
// A forecast as a page with figures: how it did where rungs were held out, and where it points.
#pragma once

#include "commands/forecast_text.h"
#include "report/report.h"

namespace gradus::app {

report::Report forecastPage(const ForecastReport& made);

} // namespace gradus::app
