// SPDX-License-Identifier: GPL-3.0-or-later
// Wall time for stamps, monotonic time for durations. Order is never taken from the wall clock.
#pragma once

#include <string>

namespace gradus {

double wallSeconds();      ///< seconds since 1970-01-01 UTC
double monotonicSeconds(); ///< seconds since an arbitrary start; never goes back
std::string durationText(double seconds); ///< "4 s", "2 min 05 s", "3 h 20 min"

} // namespace gradus
