// SPDX-License-Identifier: GPL-3.0-or-later
// What the keeper can see from outside of a kernel in user space.
#pragma once

#include <string>
#include <sys/types.h>

namespace gradus::sandbox::keeper {

/// "LAYER: why" of the first thing that is not as it must be, or nothing. `first` is the process that bubblewrap
/// started: it has started the user kernel by the time that the cell's first process answers.
std::string userKernelFault(pid_t first);

} // namespace gradus::sandbox::keeper
