// SPDX-License-Identifier: GPL-3.0-or-later
// What a cell is started with: level and limits. Nothing here may come from what a model wrote.
#pragma once

#include <cstdint>
#include <string>

namespace gradus::sandbox {

/// How much of a machine the cell shows. The number is what `gradus sandbox check --level` takes.
enum class Level
{
    Simulated = 0,    ///< no code runs; there is no cell
    Files = 1,        ///< an empty root and files, no program but what is written into it
    Toolchain = 2,    ///< the host's /usr, read-only; a home and a /tmp of its own; loopback only
    Services = 3,     ///< as 2, for scenarios that start services on the cell's own loopback
    SeveralHosts = 4, ///< as 3, for episodes of several joined cells (joined_cells.h), larger budgets
    UserKernel = 5,   ///< as 3, with a kernel in user space (gVisor) around it
};

inline constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;

/// Bounds of one cell. Per-process bounds are rlimits set inside (they count per user namespace there); totals over
/// the cell are kept by the keeper's watchdog, four times a second, and where a control group is delegated to the
/// account (control_group.h) by the kernel without gaps as well.
struct CellLimits
{
    std::uint64_t processes = 64;                 ///< RLIMIT_NPROC of the cell
    std::uint64_t addressSpace = 1024 * mebibyte; ///< RLIMIT_AS of every process, bytes
    std::uint64_t fileSize = 32 * mebibyte;       ///< RLIMIT_FSIZE, bytes
    std::uint64_t openFiles = 256;                ///< RLIMIT_NOFILE
    std::uint64_t cpuSeconds = 20;                ///< RLIMIT_CPU of every process
    std::uint64_t temporaryBytes = 64 * mebibyte; ///< size of /tmp
    std::uint64_t homeBytes = 64 * mebibyte;      ///< size of /home/agent
    std::uint64_t totalMemory = 1024 * mebibyte;  ///< watchdog: its processes and what the kernel may hold for them
    double processors = 1;                        ///< control group: processor time a second, of all processes
    std::uint64_t inodes = 20'000;                ///< watchdog: files in /tmp, /home/agent and /dev/shm together
    double startSeconds = 10;                     ///< how long a start may take
    double episodeSeconds = 3600;                 ///< wall time of the cell's whole life
};

struct CellOptions
{
    Level level = Level::Toolchain;
    CellLimits limits = {};
    std::string bubblewrap = "/usr/bin/bwrap";
    std::string hostname = "devbox";
    std::string neighbours = {};    ///< more lines of the cell's /etc/hosts
    std::string userKernel = {};    ///< gVisor's runsc, for level 5; empty: found (wall.h)
    std::string controlGroups = {}; ///< under which a group a cell is made; empty: found (control_group.h)
};

} // namespace gradus::sandbox
