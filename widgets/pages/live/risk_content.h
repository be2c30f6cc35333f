// SPDX-License-Identifier: GPL-3.0-or-later
// What the risk map shows of a run.
#pragma once

#include "plot/risk_map.h"
#include "viewmodels/live_run.h"

namespace gradus::pages {

/// One step a generation that was audited before and after alignment; rolled back ones too.
QVector<plot::RiskStep> riskStepsOf(const viewmodels::LiveRun& run);

} // namespace gradus::pages
