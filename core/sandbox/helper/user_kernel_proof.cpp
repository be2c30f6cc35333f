// SPDX-License-Identifier: GPL-3.0-or-later
// gVisor's processes by what the host's kernel knows of them. What runs in the cell is a thread of memory to it, seen
// by nobody outside.
#include "sandbox/helper/user_kernel_proof.h"

#include "sandbox/helper/proc_reader.h"
#include "sandbox/keeper_protocol.h"

#include <cstdlib>
#include <cstring>
#include <sys/statvfs.h>
#include <unistd.h>

namespace gradus::sandbox::keeper {

namespace {

std::string missing(const char* why)
{
    return std::string(layerUserKernel) + ": " + why;
}

/// The process that serves the cell's system calls, and the one that opens files for it.
pid_t childNamed(pid_t first, const char* name)
{
    for (const std::string& entry : names("/proc")) {
        const pid_t pid = static_cast<pid_t>(std::strtol(entry.c_str(), nullptr, 10));
        if (pid <= 0 || std::strcmp(text(process(pid, "cmdline")).c_str(), name) != 0) continue;
        if (count(text(process(pid, "status")), "PPid:") == static_cast<std::uint64_t>(first)) return pid;
    }
    return -1;
}

std::string serverFault(pid_t server, std::uint64_t filters)
{
    const std::string status = text(process(server, "status"));
    if (count(status, "Seccomp:") != 2 || count(status, "Seccomp_filters:") <= filters)
        return missing("it has no system-call filter of its own");
    if (count(status, "NoNewPrivs:") != 1) return std::string(layerPrivileges) + ": no_new_privs is not set";
    return {};
}

/// Nothing but loopback: two lines of heading, then one an interface.
bool onlyLoopback(pid_t pid)
{
    const std::string all = text(process(pid, "net/dev"));
    std::size_t lines = 0;
    for (const char c : all)
        lines += c == '\n' ? 1 : 0;
    return lines < 3 || (lines == 3 && !field(all, "    lo:").empty());
}

std::string rootFault(pid_t first)
{
    const std::string root = process(first, "root");
    struct statvfs status
    {
    };
    if (statvfs((root + "/").c_str(), &status) != 0 || (status.f_flag & ST_RDONLY) == 0)
        return std::string(layerRoot) + ": the user kernel can write to its root";
    if (access((root + std::string(userKernelRoot) + "/root").c_str(), F_OK) == 0)
        return std::string(layerRoot) + ": the cell has the host's root";
    return {};
}

std::string descriptorFault(pid_t first)
{
    const std::vector<std::string> open = names(process(first, "fd"));
    if (open.empty()) return std::string(layerDescriptors) + ": they cannot be listed";
    for (const std::string& name : open) {
        const std::string target = link(process(first, "fd/") + name);
        const bool file = target.rfind('/', 0) == 0 && target != "/dev/null";
        if (file && target.rfind(std::string(userKernelFolder) + "/", 0) != 0)
            return std::string(layerDescriptors) + ": the user kernel holds one that it was not given";
    }
    return {};
}

} // namespace

std::string userKernelFault(pid_t first)
{
    const pid_t kernel = childNamed(first, "runsc-sandbox");
    const pid_t files = childNamed(first, "runsc-gofer");
    if (kernel < 0 || files < 0) return missing("its processes are not there");
    const std::uint64_t filters = count(text(process(first, "status")), "Seccomp_filters:");
    for (const pid_t server : {kernel, files})
        if (std::string fault = serverFault(server, filters); !fault.empty()) return fault;
    if (!onlyLoopback(kernel)) return std::string(layerNamespaces) + ": the user kernel sees a network";
    std::string fault = rootFault(first);
    if (fault.empty()) fault = descriptorFault(first);
    return fault;
}

} // namespace gradus::sandbox::keeper
