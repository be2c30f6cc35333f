// SPDX-License-Identifier: GPL-3.0-or-later
// gVisor (runsc, Apache-2.0, a program of the host if it is there): what it is told, and the bundle it starts.
#pragma once

#include "sandbox/cell_options.h"
#include "sandbox/layers.h"

#include <string>
#include <vector>

/// The user kernel runs inside bubblewrap's namespaces, not beside them: when the namespaces end, so do its processes,
/// its state folder and its mounts, and what broke out of it would stand in a level-3 wall.
namespace gradus::sandbox {

/// The words that bubblewrap starts.
std::vector<std::string> userKernelCommand(const Weakening& weakening);
/// Its config.json (OCI runtime specification 1.0): the first process as user 1000 without capabilities, storage in the
/// user kernel's own memory, nothing of the host writable.
std::string userKernelBundle(const CellOptions& options, const Weakening& weakening);

} // namespace gradus::sandbox
