// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel may hold for a cell beside its processes' own pages: bytes in sockets, pipes, page tables.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace gradus::sandbox::keeper {

/// Of every socket in the process's network namespace, also of those that no process holds any more: the most that one
/// can queue, and for TCP what stands in its queues. 0 where that namespace is the keeper's own (a negative control).
std::uint64_t socketMemory(pid_t first);
/// Whether the kernel says how many sockets there are; without that they cannot be kept within the cell's total.
bool socketsAreCounted(pid_t first);
/// Of one process by the text of its status: its page tables, and a pipe for each descriptor that it has room for.
std::uint64_t tableMemory(const std::string& status);

} // namespace gradus::sandbox::keeper
