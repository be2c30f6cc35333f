// SPDX-License-Identifier: GPL-3.0-or-later
// What the keeper can see of a cell from outside, through /proc of the host: nothing the cell says is believed.
#pragma once

#include "sandbox/keeper_protocol.h"

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace gradus::sandbox::keeper {

struct Expected
{
    std::uint64_t totalMemory = 0; ///< bytes
    std::uint64_t inodes = 0;
    std::uint64_t temporaryBytes = 0;
    std::uint64_t homeBytes = 0;
    std::uint64_t processes = 0; ///< RLIMIT_NPROC that the first process must have
    bool joined = false;         ///< it holds one socket: its wire
    bool userKernel = false;     ///< a kernel in user space stands between bubblewrap and the cell's first process
};

struct Usage
{
    std::uint64_t memory = 0; ///< anonymous, shared and swapped bytes of every process of the cell, and kernel_memory.h
    std::uint64_t inodes = 0; ///< used in /tmp, /home/agent and /dev/shm
};

/// Why this process still has privileges, or nothing.
std::string accountFault();
/// "LAYER: why" of the first layer that the process lacks, or nothing.
std::string layerFault(pid_t first, const Expected& expected);
/// The same for the one thing that closes the view on descriptors, and so is done after the others.
std::string guardFault(pid_t first);
Usage usageOf(pid_t first, bool userKernel);
/// Whether the process was started below this one.
bool isDescendant(pid_t pid);
/// SIGKILL to every direct child.
void killChildren();

} // namespace gradus::sandbox::keeper
