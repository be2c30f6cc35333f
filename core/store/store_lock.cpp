// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/store_lock.h"

#include "base/clock.h"

#include <chrono>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace gradus::store {

std::optional<StoreLock> StoreLock::tryTake(const std::filesystem::path& store, StorePurpose purpose)
{
    const std::string file = store.string() + (purpose == StorePurpose::Queue ? "-queue" : "-checkpoint");
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (descriptor < 0) return std::nullopt;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return std::nullopt;
    }
    return StoreLock(descriptor);
}

std::optional<StoreLock> StoreLock::take(const std::filesystem::path& store, StorePurpose purpose, double seconds)
{
    const double deadline = monotonicSeconds() + seconds;
    for (;;) {
        if (auto lock = tryTake(store, purpose)) return lock;
        if (monotonicSeconds() >= deadline) return std::nullopt;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

StoreLock::~StoreLock()
{
    // The file stays: unlinking it would let two processes lock two files of the same name.
    if (m_descriptor >= 0) ::close(m_descriptor);
}

StoreLock::StoreLock(StoreLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

} // namespace gradus::store
