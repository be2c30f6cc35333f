// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of a report that say what was run: conditions, settings with where they come from, and the runs.
#pragma once

#include "report/figures.h"
#include "report/report.h"

namespace gradus::report {

Table conditionsTable(const Evidence& evidence);
/// Settings that differ from their default, or between conditions, with origin and meaning.
Table changedSettings(const Evidence& evidence);
/// Every other setting.
Table defaultSettings(const Evidence& evidence);
Table runsTable(const Evidence& evidence);
} // namespace gradus::report
