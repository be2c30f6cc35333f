// SPDX-License-Identifier: GPL-3.0-or-later
// Which data the runs read, what of it they did not use, and what they ran with: as their history tells. Pure.
#pragma once

#include "report/figures.h"
#include "report/report.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::report {

/// A row for each file that the tasks were made of, named by its bytes. None where no run's history tells of one.
std::optional<Table> dataTable(const Evidence& evidence);

/// Rows of these files that stand in no part of a task, and why; a sentence each.
std::vector<std::string> dataLeftOut(const Evidence& evidence);

/// Who made the runs and with what: a line for each program and machine, with how many runs it worked on. Empty where
/// no run's history tells of it.
std::vector<std::string> ranWith(const Evidence& evidence);

} // namespace gradus::report
