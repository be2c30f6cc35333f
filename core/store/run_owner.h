// SPDX-License-Identifier: GPL-3.0-or-later
// Which process works on a run, told apart from a later process that happens to have its number.
#pragma once

#include <cstdint>
#include <string>

namespace gradus::store {

/// A process for ever: its number, when it started, which boot of which kernel, and which process namespace.
struct RunOwner
{
    std::int64_t pid = 0;
    std::int64_t started = 0; ///< clock ticks after boot, field 22 of /proc/<pid>/stat
    std::string boot;         ///< /proc/sys/kernel/random/boot_id
    std::string place;        ///< host name and process namespace

    friend bool operator==(const RunOwner&, const RunOwner&) = default;
};

enum class Liveness
{
    Alive,
    Gone,    ///< certainly: the process ended, or the machine was restarted
    Unknown, ///< it lives on another machine or in another container, if it lives
};

RunOwner thisProcess();
/// Never says Gone of a living process, stopped (SIGSTOP) ones included.
Liveness livenessOf(const RunOwner& owner);

} // namespace gradus::store
