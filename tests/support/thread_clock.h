// SPDX-License-Identifier: GPL-3.0-or-later
// The time that this thread has had a processor for. Budgets are held against it: what other programs do on a busy
// machine is nobody's cost.
#pragma once

#include <ctime>

namespace gradus::tests {

inline double threadMilliseconds()
{
    std::timespec now = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

} // namespace gradus::tests
