// SPDX-License-Identifier: GPL-3.0-or-later
// What bubblewrap is told, and the files it is handed by descriptor.
#pragma once

#include "sandbox/cell_options.h"
#include "sandbox/layers.h"

#include <string>
#include <utility>
#include <vector>

namespace gradus::sandbox {

/// Options for bubblewrap's --args, command excluded. Looks at the host to see which of /lib64, /proc files and the
/// like exist, else pure. No host directory is ever bound writable and nothing a model has written is ever bound: with
/// bubblewrap before 0.12 a link inside such a directory makes files on the host (CVE-2026-87766).
std::vector<std::string> cellArguments(const CellOptions& options, const Weakening& weakening);

/// Name and value of what a command finds in its environment.
std::vector<std::pair<std::string, std::string>> cellEnvironment();

/// A command's words as --args reads them: every one ended by NUL.
std::string joinedByNul(const std::vector<std::string>& words);

/// Bit N: the arguments make bubblewrap take, and close, descriptor N.
unsigned usedDescriptors(const std::vector<std::string>& arguments);

/// Small files of the cell's /etc, by content.
struct CellFiles
{
    std::string passwd;
    std::string group;
    std::string hosts;
    std::string nsswitch;
    std::string loaderCache; ///< the host's ld.so.cache; empty where there is none
};
CellFiles cellFiles(const CellOptions& options);

} // namespace gradus::sandbox
