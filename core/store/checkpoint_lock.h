// SPDX-License-Identifier: GPL-3.0-or-later
// The lock that lets exactly one connection of all processes checkpoint a store at a time.
#pragma once

#include <filesystem>
#include <optional>

namespace gradus::store {

/// Holds an advisory lock on "<store>-checkpoint" while it lives; the kernel drops it when the process dies. A file of
/// its own: closing any descriptor of the database file would drop the locks SQLite holds on it.
class CheckpointLock final
{
public:
    /// Nothing when somebody else holds it, or when the folder cannot be written.
    static std::optional<CheckpointLock> tryTake(const std::filesystem::path& store);
    /// Waits up to that many seconds.
    static std::optional<CheckpointLock> take(const std::filesystem::path& store, double seconds);
    ~CheckpointLock();
    CheckpointLock(CheckpointLock&& other) noexcept;
    CheckpointLock& operator=(CheckpointLock&&) = delete;

private:
    explicit CheckpointLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
};

} // namespace gradus::store
