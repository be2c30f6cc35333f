// SPDX-License-Identifier: GPL-3.0-or-later
// Only what a process cannot hide is read: the lists of a namespace, and the status of its threads (its first thread's
// tells nothing once that has ended), while /proc/PID/fd closes when a process makes itself undumpable.
#include "sandbox/helper/kernel_memory.h"

#include "sandbox/helper/proc_reader.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace gradus::sandbox::keeper {

namespace {

/// A sender may queue its buffer and one message more, which is at most as long; the filters let nobody enlarge one.
std::uint64_t eachSocket()
{
    std::uint64_t buffer = 212'992; // the kernel's own default, where a machine does not say
    for (const char* path : {"/proc/sys/net/core/wmem_default", "/proc/sys/net/core/rmem_default"})
        buffer = std::max<std::uint64_t>(buffer, std::strtoull(text(path).c_str(), nullptr, 10));
    return 2 * buffer;
}

/// "TCP: inuse 3 orphan 0 ..."
std::uint64_t after(const std::string& all, const char* key, const std::string& word)
{
    const std::string line = field(all, key);
    return line.rfind(word, 0) == 0 ? std::strtoull(line.c_str() + word.size(), nullptr, 10) : 0;
}

/// Bytes that wait in the connections of a list. Read to its end: closed connections stand in it too, and may be many.
std::uint64_t queued(const std::string& path)
{
    std::uint64_t bytes = 0;
    FILE* const list = std::fopen(path.c_str(), "re");
    char line[512];
    while (list != nullptr && std::fgets(line, sizeof line, list) != nullptr) {
        unsigned state = 0, sending = 0, waiting = 0;
        constexpr unsigned listening = 10; // its queue counts connections, not bytes
        if (std::sscanf(line, " %*s %*s %*s %x %x:%x", &state, &sending, &waiting) == 3 && state != listening)
            bytes += std::uint64_t{sending} + waiting;
    }
    if (list != nullptr) std::fclose(list);
    return bytes;
}

} // namespace

std::uint64_t socketMemory(pid_t first)
{
    if (link(process(first, "ns/net")) == link("/proc/self/ns/net")) return 0;
    const std::string all = text(process(first, "net/sockstat"));
    std::uint64_t bytes = after(all, "sockets:", "used ") * eachSocket();
    // A connection's buffers grow beyond any socket's by themselves. What they take of memory was measured as .8 to
    // 1.2 times what waits in them, also of single bytes.
    if (after(all, "TCP:", "inuse ") > 0) bytes += 2 * queued(process(first, "net/tcp"));
    if (after(text(process(first, "net/sockstat6")), "TCP6:", "inuse ") > 0)
        bytes += 2 * queued(process(first, "net/tcp6"));
    return bytes;
}

bool socketsAreCounted(pid_t first)
{
    return text(process(first, "net/sockstat")).rfind("sockets: used ", 0) == 0;
}

std::uint64_t tableMemory(const std::string& status)
{
    // What a pipe of an account holds when the account has its 64 MiB in pipes (fs.pipe-user-pages-soft): two pages.
    constexpr std::uint64_t pipe = 8192;
    return 1024 * count(status, "VmPTE:") + pipe * count(status, "FDSize:");
}

} // namespace gradus::sandbox::keeper
