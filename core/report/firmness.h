// SPDX-License-Identifier: GPL-3.0-or-later
// How firm the answers are: power, seeds left out in turn, and what else differs. Pure.
#pragma once

#include "report/figures.h"

#include <string>
#include <vector>

namespace gradus::report {

/// What these runs could not have seen, what a conclusion hangs on, and what else differs between the conditions.
std::vector<std::string> whatWouldChange(const Evidence& evidence);

} // namespace gradus::report
