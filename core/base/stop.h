// SPDX-License-Identifier: GPL-3.0-or-later
// A request to stop that long work polls between steps.
#pragma once

#include <atomic>

namespace gradus {

/// Set by a signal handler, another thread or a stored command; read by the work. Lock-free, safe in a signal handler.
class StopFlag final
{
public:
    void request() { m_requested.store(true, std::memory_order_relaxed); }
    bool requested() const { return m_requested.load(std::memory_order_relaxed); }

private:
    std::atomic<bool> m_requested{false};
};

} // namespace gradus
