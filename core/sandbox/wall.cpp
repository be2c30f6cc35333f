// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/wall.h"

#include "base/text.h"
#include "sandbox/cell_arguments.h"
#include "sandbox/keeper_protocol.h"
#include "sandbox/seccomp_filter.h"
#include "sandbox/user_kernel.h"

#include <sys/stat.h>
#include <unistd.h>

namespace gradus::sandbox {

namespace {

/// Of the user kernel's three processes: 15 MiB when nothing runs, more with each process that it looks after.
constexpr std::uint64_t kernelMemory = 32 * mebibyte;
/// Each process of the cell is one of the host's with some threads.
constexpr std::uint64_t threadsEach = 64;

Result<void> checkProgram(const std::string& path, std::string_view layer, const std::string& cure)
{
    struct stat status
    {
    };
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || (status.st_mode & 0111) == 0)
        return layerMissing(layer, visible(path) + " is not there; " + cure);
    if ((status.st_mode & S_ISUID) != 0)
        return layerMissing(layer,
                            visible(path) + " is set-user-id root, which widens what it can do; use one that is not");
    return {};
}

Result<void> addUserKernel(Wall& wall, const CellOptions& options, const Weakening& weakening)
{
    if (auto there = checkProgram(userKernelProgram(options), keeper::layerUserKernel,
                                  "install gVisor (the package runsc), or use level 4");
        !there)
        return there;
    wall.command = userKernelCommand(weakening);
    wall.bundle = userKernelBundle(options, weakening);
    if (weakening.has(Layer::Seccomp))
        for (const auto& made : {tableFilter(), argumentFilter()}) {
            if (!made) return made.error();
            wall.filters.push_back(*made);
        }
    wall.limits.totalMemory += kernelMemory;
    wall.limits.processes *= threadsEach;
    return {};
}

} // namespace

Error layerMissing(std::string_view layer, const std::string& why)
{
    return Error{.message = "No code runs: the layer \"" + std::string(layer) + "\" is missing (" + why +
                            "). `gradus doctor` says what this machine lacks.",
                 .kind = ErrorKind::Refused};
}

std::string userKernelProgram(const CellOptions& options)
{
    if (!options.userKernel.empty()) return options.userKernel;
    for (const char* path : {"/usr/bin/runsc", "/usr/local/bin/runsc"})
        if (access(path, X_OK) == 0) return path;
    return "/usr/bin/runsc";
}

Result<Wall> wallOf(const CellOptions& options, const Weakening& weakening)
{
    if (options.level == Level::Simulated)
        return Error{.message = "At level 0 tools are simulated and no code runs; there is no cell to start.",
                     .kind = ErrorKind::Refused};
    if (auto there = checkProgram(options.bubblewrap, keeper::layerBubblewrap, "install the package bubblewrap");
        !there)
        return there.error();
    Wall wall{.arguments = cellArguments(options, weakening),
              .command = {weakening.has(Layer::EmptyRoot) ? "/opt/cell" : "/tmp/cell"},
              .bundle = {},
              .filters = {},
              .limits = options.limits};
    if (options.level == Level::UserKernel)
        if (auto added = addUserKernel(wall, options, weakening); !added) return added.error();
    return wall;
}

} // namespace gradus::sandbox
