// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers and their intervals as a report writes them: true minus, n, never more digits than are known. Pure.
#pragma once

#include "base/interval.h"
#include "compare/final_metrics.h"

#include <string>

namespace gradus::report {

/// base's fixedText with a true minus.
std::string typeset(double value, int decimals, bool sign = false);
/// "2026-11-29" and "2026-11-29 06:51", UTC. wall: seconds since 1970.
std::string dateText(double wall);
std::string timeText(double wall);
/// "0.694 [0.663, 0.725]" with a space that does not break inside the brackets; without an interval the value alone.
std::string estimateText(const Estimate& estimate, int decimals, bool sign = false);
/// "p < 0.001" or "p = 0.042".
std::string pText(double p);
/// "competence, utility".
std::string titleOf(const compare::FinalMetric& metric);

} // namespace gradus::report
