// SPDX-License-Identifier: GPL-3.0-or-later
// How many runs of one process go at a time, and which is next: cores are shared, a GPU is one run's alone.
#pragma once

#include "spec/experiment.h"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gradus::run {

/// At least 1; no more than may go at a time at all: runs that have a device to themselves count once a device.
/// @param jobs  as many as are asked for; 0: cores over the most threads of a run
int slotsFor(const std::vector<spec::RunSpec>& runs, int jobs, int cores);

/// Hands out jobs in their order, but none whose device another job has. Any thread may call.
class JobOrder final
{
public:
    /// devices: of each job what it has to itself; empty: it shares (see store::exclusiveDevice).
    explicit JobOrder(std::vector<std::string> devices);

    /// Index of the next job; waits while the only ones left need a device that is taken. None: all were handed out.
    std::optional<std::size_t> take();
    /// Every job that was taken ends here, whatever became of it.
    void ended(std::size_t job);

private:
    const std::vector<std::string> m_devices;
    std::mutex m_mutex; ///< guards what follows
    std::condition_variable m_freed;
    std::vector<bool> m_given;
    std::set<std::string> m_taken; ///< devices
};

} // namespace gradus::run
