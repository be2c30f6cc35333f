// SPDX-License-Identifier: GPL-3.0-or-later
// Locks on a store that exactly one process may hold at a time: who checkpoints it, and who works through its queue.
#pragma once

#include <filesystem>
#include <optional>

namespace gradus::store {

enum class StorePurpose
{
    Checkpoint,
    Queue,
};

/// Holds an advisory lock on "<store>-checkpoint" or "<store>-queue" while it lives; the kernel drops it when the
/// process dies. A file of its own: closing any descriptor of the database file would drop the locks SQLite holds on
/// it.
class StoreLock final
{
public:
    /// Nothing when somebody else holds it, or when the folder cannot be written.
    static std::optional<StoreLock> tryTake(const std::filesystem::path& store, StorePurpose purpose);
    /// Waits up to that many seconds.
    static std::optional<StoreLock> take(const std::filesystem::path& store, StorePurpose purpose, double seconds);
    ~StoreLock();
    StoreLock(StoreLock&& other) noexcept;
    StoreLock& operator=(StoreLock&&) = delete;

private:
    explicit StoreLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
};

} // namespace gradus::store
