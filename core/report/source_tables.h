// SPDX-License-Identifier: GPL-3.0-or-later
// How alike the sources of each condition err, over its runs. Pure.
#pragma once

#include "report/figures.h"
#include "report/report.h"

#include <optional>

namespace gradus::report {

/// A row a condition whose runs keep votes of two sources or more. None where no condition has them.
std::optional<Table> sourceTable(const Evidence& evidence);

} // namespace gradus::report
