// SPDX-License-Identifier: GPL-3.0-or-later
// What the question holds against each other besides the baseline: sentences and tables. Pure.
#pragma once

#include "report/figures.h"
#include "report/report.h"

#include <string>
#include <vector>

namespace gradus::report {

/// A sentence a contrast: its differences in the figures that judge, with their tests.
std::vector<std::string> contrastAnswers(const Evidence& evidence);

/// "Contrasts that the question asks for", a row a contrast; none where nobody asked.
std::vector<Table> contrastTables(const Evidence& evidence);

} // namespace gradus::report
