// SPDX-License-Identifier: GPL-3.0-or-later
// Containment studies as a page: ways out by level, elicitation, everyday tasks, fidelity; several beside each other.
#pragma once

#include "compare/containment.h"
#include "report/report.h"

#include <vector>

namespace gradus::report {

/// At least one.
Report containmentPage(const std::vector<compare::NamedContainment>& studies);

} // namespace gradus::report
