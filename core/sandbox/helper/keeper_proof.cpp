// SPDX-License-Identifier: GPL-3.0-or-later
// Reads /proc of the host about a cell. The keeper owns the cell's user namespace, so it may look in.
#include "sandbox/helper/keeper_proof.h"
#include "sandbox/helper/kernel_memory.h"
#include "sandbox/helper/proc_reader.h"
#include "sandbox/helper/user_kernel_proof.h"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <vector>

namespace gradus::sandbox::keeper {

namespace {

bool allZero(const std::string& digits)
{
    return !digits.empty() && digits.find_first_not_of('0') == std::string::npos;
}

std::string namespaceFault(pid_t first)
{
    for (const char* kind : {"user", "pid", "net", "ipc", "uts", "mnt", "cgroup"}) {
        const std::string theirs = link(process(first, "ns/") + kind);
        if (theirs.empty() || theirs == link(std::string("/proc/self/ns/") + kind))
            return std::string(layerNamespaces) + ": the cell shares the host's " + kind + " namespace";
    }
    return {};
}

/// The user kernel is root of the cell's own user namespace; the cell's commands are nobody's, as the battery shows.
std::string statusFault(pid_t first, bool userKernel)
{
    const std::string theirs = text(process(first, "status"));
    const std::string ours = text("/proc/self/status");
    if (count(theirs, "Seccomp:") != 2 || count(theirs, "Seccomp_filters:") != count(ours, "Seccomp_filters:") + 2)
        return std::string(layerSeccomp) + ": the kernel does not have both of them on the cell's first process";
    if (count(theirs, "NoNewPrivs:") != 1) return std::string(layerPrivileges) + ": no_new_privs is not set";
    if (userKernel) return {};
    for (const char* set : {"CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"})
        if (!allZero(field(theirs, set))) return std::string(layerPrivileges) + ": " + set + " is not zero";
    return {};
}

std::string descriptorFault(pid_t first, bool joined)
{
    const std::string wire = "fd/" + std::to_string(wireFd);
    const std::vector<std::string> open = names(process(first, "fd"));
    if (open.empty()) return std::string(layerDescriptors) + ": they cannot be listed";
    for (const std::string& name : open) {
        const std::string target = link(process(first, "fd/") + name);
        if (joined && "fd/" + name == wire && target.rfind("socket:[", 0) == 0) continue;
        if (target != "/dev/null" && target.rfind("pipe:[", 0) != 0 && target != "anon_inode:[signalfd]")
            return std::string(layerDescriptors) + ": the cell's first process holds one that it was not given";
    }
    return open.size() > (joined ? 7U : 6U) ? std::string(layerDescriptors) + ": there are more than were given"
                                            : std::string();
}

std::string fileSystemFault(pid_t first, const Expected& expected)
{
    const std::string root = process(first, "root");
    struct statvfs status
    {
    };
    if (statvfs((root + "/").c_str(), &status) != 0 || (status.f_flag & ST_RDONLY) == 0)
        return std::string(layerRoot) + ": the cell can write to its root";
    if (access((root + "/root").c_str(), F_OK) == 0 || access((root + "/sys").c_str(), F_OK) == 0)
        return std::string(layerRoot) + ": the cell has the host's root";
    for (const auto& [path, bytes] : {std::pair{"/tmp", expected.temporaryBytes}, {"/home/agent", expected.homeBytes}})
        if (statvfs((root + path).c_str(), &status) != 0 || status.f_blocks * status.f_frsize > bytes)
            return std::string(layerSizes) + ": " + path + " has no bound, or a larger one";
    return {};
}

std::string limitFault(pid_t first, const Expected& expected)
{
    const std::string limits = text(process(first, "limits"));
    if (expected.processes == 0 || count(limits, "Max processes") != expected.processes)
        return std::string(layerLimits) + ": the cell's first process did not take them";
    return {};
}

} // namespace

std::string accountFault()
{
    uid_t real = 0, effective = 0, saved = 0;
    gid_t group = 0, effectiveGroup = 0, savedGroup = 0;
    if (getresuid(&real, &effective, &saved) != 0 || getresgid(&group, &effectiveGroup, &savedGroup) != 0)
        return "the account cannot be read";
    if (real == 0 || effective == 0 || saved == 0) return "it is still root";
    if (real != effective || real != saved || group != effectiveGroup || group != savedGroup)
        return "real, effective and saved accounts differ";
    const std::string status = text("/proc/self/status");
    for (const char* set : {"CapInh:", "CapPrm:", "CapEff:", "CapAmb:"})
        if (!allZero(field(status, set))) return std::string(set) + " is not zero";
    if (setuid(0) == 0) return "it could become root again";
    return {};
}

std::string layerFault(pid_t first, const Expected& expected)
{
    if (!isDescendant(first)) return std::string(layerBubblewrap) + ": the process it names is not its own";
    std::string fault = namespaceFault(first);
    if (fault.empty()) fault = statusFault(first, expected.userKernel);
    if (expected.userKernel) return fault.empty() ? userKernelFault(first) : fault;
    if (fault.empty()) fault = descriptorFault(first, expected.joined);
    if (fault.empty()) fault = fileSystemFault(first, expected);
    if (fault.empty()) fault = limitFault(first, expected);
    if (fault.empty() && !socketsAreCounted(first))
        fault = std::string(layerWatchdog) + ": /proc/net/sockstat does not say how many sockets there are";
    return fault;
}

std::string guardFault(pid_t first)
{
    // What is not dumpable belongs to root in /proc, whatever account it runs under.
    struct stat status
    {
    };
    if (stat(process(first, "mem").c_str(), &status) != 0 || status.st_uid == getuid())
        return std::string(layerGuard) + ": the cell's first process can be read and written by what it runs";
    return {};
}

Usage usageOf(pid_t first, bool userKernel)
{
    Usage usage;
    const std::string cell = link(process(first, "ns/pid"));
    // Only a negative control shares the host's process namespace; there only what this keeper started counts.
    const bool shared = cell == link("/proc/self/ns/pid");
    for (const std::string& name : names("/proc")) {
        const pid_t pid = static_cast<pid_t>(std::strtol(name.c_str(), nullptr, 10));
        if (pid <= 0 || cell.empty()) continue;
        // A user kernel gives one of its processes a process namespace of its own below the cell's.
        const bool inside = link(process(pid, "ns/pid")) == cell || (userKernel && isBelow(pid, first));
        if (!inside || (shared && !isDescendant(pid))) continue;
        const std::string status = livingStatus(pid);
        // Shared memory counts once for every process that maps it: too strict rather than too lax.
        usage.memory += 1024 * (count(status, "RssAnon:") + count(status, "RssShmem:") + count(status, "VmSwap:"));
        // Behind a user kernel sockets, pipes and tables are that kernel's, in memory that was just counted.
        if (!userKernel) usage.memory += tableMemory(status);
    }
    if (!userKernel && !cell.empty()) usage.memory += socketMemory(first);
    for (const char* path : {"/tmp", "/home/agent", "/dev/shm"}) {
        struct statvfs status
        {
        };
        if (statvfs((process(first, "root") + path).c_str(), &status) == 0)
            usage.inodes += status.f_files - status.f_ffree;
    }
    return usage;
}

bool isDescendant(pid_t pid)
{
    return isBelow(pid, getpid());
}

void killChildren()
{
    const std::string all = text("/proc/self/task/" + std::to_string(getpid()) + "/children");
    for (const char* at = all.c_str(); *at != '\0';) {
        char* end = nullptr;
        const long pid = std::strtol(at, &end, 10);
        if (end == at) break;
        if (pid > 1) kill(static_cast<pid_t>(pid), SIGKILL);
        at = end + std::strspn(end, " ");
    }
}

} // namespace gradus::sandbox::keeper
