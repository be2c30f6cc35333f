// SPDX-License-Identifier: GPL-3.0-or-later
// What stands around a cell: namespaces of bubblewrap alone, or with a kernel in user space (gVisor) within them.
#pragma once

#include "base/result.h"
#include "sandbox/cell_options.h"
#include "sandbox/layers.h"

#include <string>
#include <vector>

namespace gradus::sandbox {

/// Everything in which the kinds of wall differ; whoever starts, proves, serves and ends a cell does it alike.
struct Wall
{
    std::vector<std::string> arguments; ///< bubblewrap's options
    std::vector<std::string> command; ///< what bubblewrap starts: the cell's first process, or the user kernel with it
    std::string bundle;               ///< the user kernel's configuration (OCI); empty: there is none
    std::vector<std::string> filters; ///< BPF that the first process installs itself: none of the host's reaches it
                                      ///< behind a user kernel
    CellLimits limits;                ///< as the host has to count: a user kernel takes memory and threads of its own
    bool hasUserKernel() const { return !bundle.empty(); }
};

/// Refused where a program that the wall is made of is missing or must not be used: the sentence names the layer.
Result<Wall> wallOf(const CellOptions& options, const Weakening& weakening);

/// "No code runs: the layer "..." is missing (why). ..."
Error layerMissing(std::string_view layer, const std::string& why);

/// The user kernel of the options, or the one that is found; where none is found, the first place that was looked at.
std::string userKernelProgram(const CellOptions& options);

} // namespace gradus::sandbox
