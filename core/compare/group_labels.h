// SPDX-License-Identifier: GPL-3.0-or-later
// What groups are called, for whoever named one that is not there. Pure.
#pragma once

#include "compare/run_groups.h"

#include <string>

namespace gradus::compare {

/// "\"fixed\", \"drawn\"": hostile names made visible.
std::string quotedLabels(const Grouping& grouping);

} // namespace gradus::compare
