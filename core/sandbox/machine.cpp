// SPDX-License-Identifier: GPL-3.0-or-later
// Looks at the machine and at cells that are really started; guesses nothing.
#include "sandbox/machine.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/quantile.h"
#include "base/text.h"
#include "sandbox/cell.h"
#include "sandbox/control_group.h"
#include "sandbox/joined_cells.h"
#include "sandbox/process_tree.h"
#include "sandbox/wall.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <numeric>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace gradus::sandbox {

namespace fs = std::filesystem;

namespace {

std::string versionOf(const std::string& program)
{
    const std::unique_ptr<FILE, int (*)(FILE*)> stream(popen(("'" + program + "' --version 2>/dev/null").c_str(), "re"),
                                                       &pclose);
    char line[128] = {};
    if (!stream || std::fgets(line, sizeof line, stream.get()) == nullptr) return {};
    const std::string text(line);
    const std::size_t from = text.find_first_of("0123456789");
    return from == std::string::npos ? std::string() : text.substr(from, text.find_first_of(" \n", from) - from);
}

/// Versions below 0.12 follow a planted link when a folder that a model wrote is bound again.
bool before012(const std::string& version)
{
    int major = 0;
    int minor = 0;
    return std::sscanf(version.c_str(), "%d.%d", &major, &minor) == 2 && major == 0 && minor < 12;
}

MachineRow bubblewrapRow(const CellOptions& options)
{
    if (options.bubblewrap.find('\'') != std::string::npos || access(options.bubblewrap.c_str(), X_OK) != 0)
        return {false, "bubblewrap",
                visible(options.bubblewrap) +
                    " is not there, so no model-made code runs; install the package bubblewrap"};
    const std::string version = versionOf(options.bubblewrap);
    std::string sentence = options.bubblewrap + " " + visible(version);
    if (before012(version))
        sentence +=
            "; before 0.12 it has CVE-2026-87766, which cells do not reach: no writable folder of the host is bound";
    return {!version.empty(), "bubblewrap", sentence};
}

std::string firstLine(const char* path)
{
    const auto text = readFile(path, 4096);
    return text ? text->substr(0, text->find('\n')) : std::string();
}

MachineRow namespaceRow()
{
    if (firstLine("/proc/sys/user/max_user_namespaces") == "0")
        return {false, "namespaces", "user.max_user_namespaces is 0; an administrator can raise it"};
    if (firstLine("/proc/sys/kernel/unprivileged_userns_clone") == "0")
        return {false, "namespaces", "kernel.unprivileged_userns_clone is 0; an administrator can set it to 1"};
    if (firstLine("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1")
        return {
            true, "namespaces",
            "AppArmor restricts user namespaces; if the cell below fails, install the package apparmor-profiles, link "
            "/usr/share/apparmor/extra-profiles/bwrap-userns-restrict into /etc/apparmor.d, and load it with "
            "`sudo apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict`"};
    return {true, "namespaces", "user namespaces are open to ordinary accounts"};
}

MachineRow cellRow(const CellOptions& options)
{
    const double begun = monotonicSeconds();
    auto cell = Cell::start(options);
    if (!cell) return {false, "cell", cell.error().message};
    char text[200];
    std::snprintf(text, sizeof text, "every layer proved in %.0f ms, as account %u%s",
                  1e3 * (monotonicSeconds() - begun), cell->account(),
                  geteuid() == 0 ? " (started as root, which cells never are)" : "");
    return {true, "cell", text};
}

/// A cell, at level 4 two that are joined.
Result<void> tryStart(const CellOptions& options)
{
    NetworkPlan plan{.hosts = {{options.hostname, {}}}, .joins = {}};
    if (options.level == Level::SeveralHosts) {
        plan.hosts.push_back({"neighbour", "127.0.1.1"});
        plan.joins.push_back({0, 1, 8080});
    }
    const auto cells = JoinedCells::start(options, plan);
    if (!cells) return cells.error();
    return {};
}

/// The levels that start here, and why the others do not. A level that starts is not yet one that holds.
MachineRow levelsRow(CellOptions options)
{
    std::string starts;
    for (const Level level : {Level::Files, Level::Toolchain, Level::Services, Level::SeveralHosts}) {
        options.level = level;
        const auto cell = tryStart(options);
        if (!cell)
            return {false, "levels",
                    (starts.empty() ? std::string("none starts") : starts + " start") + "; level " +
                        std::to_string(static_cast<int>(level)) + " does not: " + cell.error().message};
        starts += (starts.empty() ? "" : ", ") + std::to_string(static_cast<int>(level));
    }
    return {true, "levels",
            starts + " start (`gradus sandbox check` says whether they hold); level 4 with two joined cells"};
}

/// gVisor is a program that a machine may be without: then there is no level 5, and nothing else is missing.
MachineRow userKernelRow(CellOptions options)
{
    options.level = Level::UserKernel;
    const double begun = monotonicSeconds();
    const auto cell = Cell::start(options);
    if (!cell)
        return {true, "level 5",
                "a kernel in user space is optional, and does not start here: " + cell.error().message};
    char text[200];
    std::snprintf(text, sizeof text, "%s: a cell behind a kernel in user space was proved in %.0f ms",
                  visible(userKernelProgram(options), 100).c_str(), 1e3 * (monotonicSeconds() - begun));
    return {true, "level 5", text};
}

long entries(const char* folder)
{
    std::error_code ignored;
    return std::distance(fs::directory_iterator(folder, ignored), fs::directory_iterator{});
}

struct Counts
{
    long descriptors, mounts, threads;
};

Counts countNow()
{
    const auto mounts = readFile("/proc/self/mountinfo");
    return {entries("/proc/self/fd"), mounts ? static_cast<long>(std::count(mounts->begin(), mounts->end(), '\n')) : 0,
            entries("/proc/self/task")};
}

} // namespace

std::vector<MachineRow> examineSandbox(const CellOptions& options)
{
    return {bubblewrapRow(options), namespaceRow(),     {true, "memory", totalsSentence(options)},
            cellRow(options),       levelsRow(options), userKernelRow(options)};
}

Result<CellBench> benchCells(const CellOptions& options, int episodes, int commands)
{
    {
        auto warm = Cell::start(options); // what is made once a program
        if (!warm) return warm.error();
    }
    const Counts before = countNow();
    std::vector<double> starts, runs, ends;
    long left = 0;
    for (int episode = 0; episode < episodes; ++episode) {
        double at = monotonicSeconds();
        auto cell = Cell::start(options);
        if (!cell) return cell.error();
        starts.push_back(monotonicSeconds() - at);
        for (int i = 0; i < commands; ++i) {
            at = monotonicSeconds();
            if (options.level == Level::Files) {
                if (const auto status = cell->stat("/home/agent"); !status) return status.error();
            } else {
                const auto result = cell->exec({.argv = {"/bin/true"}});
                if (!result) return result.error();
                if (!result->success()) return failed("/bin/true failed in a cell: " + result->message);
            }
            runs.push_back(monotonicSeconds() - at);
        }
        std::set<int> processes = processesBelow(cell->keeperPid()); // other cells of this machine come and go
        processes.insert(cell->keeperPid());
        at = monotonicSeconds();
        cell->shutdown();
        ends.push_back(monotonicSeconds() - at);
        left += std::count_if(processes.begin(), processes.end(), isThere);
    }
    double seconds = 0; // without the looking
    for (const auto& times : {starts, runs, ends})
        seconds = std::accumulate(times.begin(), times.end(), seconds);
    const Counts after = countNow();
    return CellBench{.episodes = episodes,
                     .cellsPerSecond = episodes / seconds,
                     .cellMedian = quantile(starts, 0.5),
                     .cellP95 = quantile(starts, 0.95),
                     .commandMedian = quantile(runs, 0.5),
                     .commandP95 = quantile(runs, 0.95),
                     .endMedian = quantile(ends, 0.5),
                     .leakedProcesses = left,
                     .leakedDescriptors = after.descriptors - before.descriptors,
                     .leakedMounts = after.mounts - before.mounts,
                     .leakedThreads = after.threads - before.threads};
}

} // namespace gradus::sandbox
