// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/control_group.h"

#include "base/files.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sstream>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace gradus::sandbox {

namespace fs = std::filesystem;

namespace {

constexpr const char* kMount = "/sys/fs/cgroup";
constexpr const char* kLeaf = "gradus.self";       ///< where the process goes that must leave its own group
constexpr std::uint64_t kOverhead = 64 * mebibyte; ///< page tables, pipes and the like count against a group too
constexpr std::uint64_t kHelpers = 8; ///< bubblewrap and the cell's first process count against a group too
constexpr std::size_t kLongestFile = 64 << 10;

/// One write, as the kernel's files want it. They are never made by it there; elsewhere they are.
bool put(const fs::path& file, const std::string& text)
{
    const Descriptor open(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    return open.valid() && ::write(open.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::string textOf(const fs::path& file)
{
    const auto text = readFile(file, kLongestFile);
    return text ? *text : std::string();
}

bool hasWords(const std::string& text, const std::vector<std::string>& wanted)
{
    for (const std::string& word : wanted) {
        std::istringstream words(text);
        bool found = false;
        for (std::string one; words >> one;)
            found = found || one == word;
        if (!found) return false;
    }
    return true;
}

/// "/user.slice/x" of the line "0::/user.slice/x".
std::string ownPath(const std::string& membership)
{
    std::istringstream lines(membership);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("0::/") && line.find("..") == std::string::npos) return line.substr(4);
    return {};
}

bool handsOn(const fs::path& group)
{
    return hasWords(textOf(group / "cgroup.subtree_control"), {"memory", "pids"});
}

/// For the program's own group: a group with processes may not hand controllers on, so that the program goes into a
/// leaf of it first, and back where that was not enough because others are in the group too.
bool letsHandOn(const fs::path& own)
{
    std::error_code code;
    fs::create_directory(own / kLeaf, code);
    if (code || !put(own / kLeaf / "cgroup.procs", "0")) return false;
    (void)put(own / "cgroup.subtree_control", "+memory +pids");
    if (handsOn(own)) {
        (void)put(own / "cgroup.subtree_control", "+cpu"); // by itself: where it is not to be had the others still are
        return true;
    }
    (void)put(own / "cgroup.procs", "0");
    (void)::rmdir((own / kLeaf).c_str());
    return false;
}

std::uint64_t numberAfter(const std::string& text, const std::string& key)
{
    std::istringstream words(text);
    std::string name;
    for (std::uint64_t value = 0; words >> name >> value;)
        if (name == key) return value;
    return 0;
}

/// Ends what is in a group and removes it. A process that was killed leaves it a moment later.
bool removeGroup(const fs::path& folder)
{
    if (::rmdir(folder.c_str()) == 0 || errno == ENOENT) return true;
    (void)put(folder / "cgroup.kill", "1");
    for (int attempt = 0; attempt < 50; ++attempt) {
        if (::rmdir(folder.c_str()) == 0) return true;
        if (errno != EBUSY) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

std::string counted(std::uint64_t number, const std::string& what)
{
    return number == 0 ? std::string() : std::to_string(number) + what;
}

std::string joined(const std::string& first, const std::string& second)
{
    return first + (first.empty() || second.empty() ? "" : ", ") + second;
}

} // namespace

Delegation findDelegation(const fs::path& mount, const fs::path& membership)
{
    if (textOf(mount / "cgroup.controllers").empty())
        return {{}, "control groups of version 2 with controllers are not mounted on " + mount.string()};
    const std::string own = ownPath(textOf(membership));
    const fs::path begin = own.empty() ? mount : mount / own;
    fs::path group = begin;
    bool anyWritable = false;
    while (true) {
        const bool writable =
            ::access(group.c_str(), W_OK) == 0 && ::access((group / "cgroup.procs").c_str(), W_OK) == 0;
        anyWritable = anyWritable || writable;
        if (writable && hasWords(textOf(group / "cgroup.controllers"), {"memory", "pids"})) {
            // Others' groups stay as they are.
            if (handsOn(group) || (group == begin && letsHandOn(group))) return {group, {}};
        }
        if (group == mount || !group.has_parent_path()) break;
        group = group.parent_path();
    }
    return {{},
            anyWritable ? "no group that this account may write has the controllers memory and pids to hand on"
                        : "no control group is delegated to this account"};
}

const Delegation& machineDelegation()
{
    static const auto* const found = [] {
        auto* const made = new Delegation(findDelegation(kMount, "/proc/self/cgroup"));
        if (made->usable()) removeLeftGroups(made->folder);
        return made;
    }();
    return *found;
}

Delegation delegationOf(const CellOptions& options)
{
    return options.controlGroups.empty() ? machineDelegation() : Delegation{options.controlGroups, {}};
}

std::string totalsSentence(const CellOptions& options)
{
    const Delegation delegation = delegationOf(options);
    if (delegation.usable())
        return "the kernel keeps the totals of every cell in a control group under " + delegation.folder.string() +
               ", and a watchdog looks four times a second as well";
    return "each process is limited by the kernel; the total of a cell is kept by a watchdog, four times a second, and "
           "a "
           "burst in between goes beyond it, because " +
           delegation.why +
           "; where systemd runs, `systemd-run --user --scope -p Delegate=yes gradus ...` gives one, or Delegate=yes "
           "in "
           "a service's unit";
}

std::string eventsText(const GroupEvents& events)
{
    std::string memory =
        joined(counted(events.memoryReached, " times at the limit"), counted(events.memoryKills, " processes ended"));
    if (!memory.empty()) memory = "memory: " + memory;
    const std::string processes =
        events.processesRefused == 0 ? "" : "processes: " + std::to_string(events.processesRefused) + " refused";
    return memory + (memory.empty() || processes.empty() ? "" : "; ") + processes;
}

std::uint64_t groupMemory(const CellLimits& limits)
{
    return limits.totalMemory + limits.temporaryBytes + limits.homeBytes + kOverhead;
}

ControlGroup::ControlGroup(fs::path folder, Descriptor entrance)
    : m_folder(std::move(folder)), m_entrance(std::move(entrance))
{
}

ControlGroup::ControlGroup(ControlGroup&& other) noexcept
    : m_folder(std::exchange(other.m_folder, {})), m_entrance(std::move(other.m_entrance))
{
}

ControlGroup::~ControlGroup()
{
    if (!m_folder.empty()) removeGroup(m_folder);
}

Result<ControlGroup> ControlGroup::make(const Delegation& delegation, const CellLimits& limits)
{
    static std::atomic<unsigned> number{0};
    const fs::path folder = delegation.folder / (kPrefix + std::to_string(getpid()) + "-" + std::to_string(++number));
    if (::mkdir(folder.c_str(), 0755) != 0)
        return failed("No control group can be made in " + delegation.folder.string() + ": " + std::strerror(errno) +
                      "; the watchdog keeps the totals.");
    ControlGroup group(folder, Descriptor(-1));
    const auto fault = [&](const char* file) {
        return failed("The limit " + std::string(file) + " of " + folder.string() +
                      " cannot be set: " + std::strerror(errno) + "; the watchdog keeps the totals.");
    };
    if (!put(folder / "memory.max", std::to_string(groupMemory(limits)))) return fault("memory.max");
    if (!put(folder / "pids.max", std::to_string(limits.processes + kHelpers))) return fault("pids.max");
    // Not on every kernel, or not handed on: the two above are what a cell's totals rest on.
    (void)put(folder / "memory.swap.max", "0");
    (void)put(folder / "memory.oom.group", "1");
    (void)put(folder / "cpu.max", std::to_string(static_cast<long>(limits.processors * 100'000)) + " 100000");
    group.m_entrance = Descriptor(::open((folder / "cgroup.procs").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    if (!group.m_entrance.valid()) return fault("cgroup.procs");
    return group;
}

GroupEvents ControlGroup::events() const
{
    const std::string memory = textOf(m_folder / "memory.events");
    return {.memoryReached = numberAfter(memory, "max"),
            .memoryKills = numberAfter(memory, "oom_kill"),
            .processesRefused = numberAfter(textOf(m_folder / "pids.events"), "max")};
}

int removeLeftGroups(const fs::path& folder)
{
    int removed = 0;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(ControlGroup::kPrefix)) continue;
        const long pid = std::strtol(name.c_str() + std::strlen(ControlGroup::kPrefix), nullptr, 10);
        const bool isGone = pid > 1 && ::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH;
        if (isGone && removeGroup(entry.path())) ++removed;
    }
    return removed;
}

} // namespace gradus::sandbox
