// SPDX-License-Identifier: GPL-3.0-or-later
// Control groups of the kernel (cgroup v2): the totals of a cell, kept without gaps where a group is delegated to the
// account. Where none is, the keeper's watchdog alone keeps them.
#pragma once

#include "base/result.h"
#include "sandbox/cell_options.h"
#include "sandbox/keeper_process.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace gradus::sandbox {

/// Whether groups can be made, and under which; else why not, as part of a sentence.
struct Delegation
{
    std::filesystem::path folder; ///< under which a group a cell is made; empty: nowhere
    std::string why;
    bool usable() const { return !folder.empty(); }
};

/// Walks up from the group that `membership` names (as /proc/self/cgroup does: a line "0::/PATH") below `mount` to the
/// nearest one that this account may write, that has the controllers memory and pids, and that hands them on. Its own
/// it makes do so where it can: the process moves into a leaf of it, because the kernel lets no group with processes
/// hand controllers on. Other groups are not changed.
Delegation findDelegation(const std::filesystem::path& mount, const std::filesystem::path& membership);

/// Of this machine, found once a process; and what an earlier process that is gone left there is removed.
const Delegation& machineDelegation();
/// The one of the options: their folder where they name one, else the machine's.
Delegation delegationOf(const CellOptions& options);

/// In a sentence: whether the kernel keeps the totals of such cells or the watchdog alone, and how to have the kernel.
std::string totalsSentence(const CellOptions& options);

/// How often the kernel held a cell to a total so far.
struct GroupEvents
{
    std::uint64_t memoryReached = 0;    ///< memory was asked for beyond the limit, and something had to be given back
    std::uint64_t memoryKills = 0;      ///< processes that were ended for it
    std::uint64_t processesRefused = 0; ///< forks
    bool operator==(const GroupEvents&) const = default;
};
/// "memory: reached 3 times, 2 processes ended; processes: 5 refused", what is 0 left out; empty for none.
std::string eventsText(const GroupEvents& events);

/// Bytes that a cell's group may hold: the cell's total and what its file systems can hold, which the kernel counts
/// too.
std::uint64_t groupMemory(const CellLimits& limits);

/// One cell's group. Ends what is left in it and removes it. One thread at a time.
class ControlGroup final
{
public:
    static constexpr const char* kPrefix = "gradus-cell-";

    /// Failed: it cannot be made, or a limit cannot be set.
    static Result<ControlGroup> make(const Delegation& delegation, const CellLimits& limits);
    ControlGroup(ControlGroup&& other) noexcept;
    ControlGroup& operator=(ControlGroup&&) = delete;
    ~ControlGroup();

    const std::filesystem::path& folder() const { return m_folder; }
    /// Whoever writes "0" into it enters the group.
    const Descriptor& entrance() const { return m_entrance; }
    GroupEvents events() const;

private:
    ControlGroup(std::filesystem::path folder, Descriptor entrance);

    std::filesystem::path m_folder;
    Descriptor m_entrance;
};

/// Removes groups under it whose process is gone; how many.
int removeLeftGroups(const std::filesystem::path& folder);

} // namespace gradus::sandbox
