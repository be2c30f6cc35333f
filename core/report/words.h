// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers and their intervals as a report writes them: true minus, n, never more digits than are known. Pure.
#pragma once

#include "base/interval.h"
#include "compare/final_metrics.h"

#include <string>

namespace gradus::report {

/// decimals -1: in powers of ten.
std::string fixedText(double value, int decimals, bool sign = false);
/// "0.694 [0.663, 0.725]" with a space that does not break inside the brackets; without an interval the value alone.
std::string estimateText(const Estimate& estimate, int decimals, bool sign = false);
/// "p < 0.001" or "p = 0.042".
std::string pText(double p);
/// "competence, utility".
std::string titleOf(const compare::FinalMetric& metric);
/// "5 seeds", "1 seed".
std::string counted(std::size_t number, const std::string& thing);

} // namespace gradus::report
