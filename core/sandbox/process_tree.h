// SPDX-License-Identifier: GPL-3.0-or-later
// Processes of the host by who started them.
#pragma once

#include <set>

namespace gradus::sandbox {

/// Those that were started below this one and whose starters still live.
std::set<int> processesBelow(int ancestor);
/// Whether there is a process of this number, also one that nobody has collected.
bool isThere(int pid);
/// Whether it runs: what has ended and waits to be collected does not.
bool isRunning(int pid);

} // namespace gradus::sandbox
