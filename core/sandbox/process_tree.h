// SPDX-License-Identifier: GPL-3.0-or-later
// Processes of the host by who started them.
#pragma once

#include <set>
#include <string>

namespace gradus::sandbox {

/// Those that were started below this one and whose starters still live.
std::set<int> processesBelow(int ancestor);
/// Whether there is a process of this number, also one that nobody has collected.
bool isThere(int pid);
/// A file of /proc or /sys, whose size the kernel does not tell: at most a megabyte; empty where it cannot be read.
std::string kernelText(const std::string& path);

} // namespace gradus::sandbox
