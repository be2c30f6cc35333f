// SPDX-License-Identifier: GPL-3.0-or-later
// Single steps between rungs set out as a matrix: rows are teachers, columns students. Pure.
#pragma once

#include "report/figures.h"
#include "report/report.h"

#include <optional>
#include <vector>

namespace gradus::report {

/// PGR, competence and imitation by teacher's and student's rung, weak to strong: means over seeds with half a 95 % t
/// interval. Only where every condition is one step between two rungs, no two are the same step, and there are at least
/// three; else empty.
struct StepMatrices
{
    std::optional<Figure> figure; ///< the means as coloured cells
    std::vector<Table> tables;    ///< with their intervals
};
StepMatrices stepMatrices(const Evidence& evidence);

} // namespace gradus::report
