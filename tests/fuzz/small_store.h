// SPDX-License-Identifier: GPL-3.0-or-later
// A sound store with a little of everything, made once a process.
#pragma once

#include <string>

namespace gradus::fuzz {

/// Its bytes: one run with points, generations, stages, events, votes and episodes.
const std::string& smallStore();

} // namespace gradus::fuzz
