// SPDX-License-Identifier: GPL-3.0-or-later
// System-call filters that the cell's first process takes upon itself, and with it every command.
#pragma once

#include <string>
#include <vector>

namespace gradus::sandbox {

/// Arrays of sock_filter; none: bubblewrap has loaded them. Ends the process where the kernel does not take one.
void takeFilters(const std::vector<std::string>& filters);

} // namespace gradus::sandbox
