// SPDX-License-Identifier: GPL-3.0-or-later
// Which run of a queue may begin next, and what the others wait for. Pure functions over records.
#pragma once

#include "store/device_slots.h"
#include "store/records.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace gradus::store {

/// Processes that may end without a word before the queue gives a run up until somebody retries it.
inline constexpr int kMostAttempts = 3;

/// Null when the run is not in the queue.
const QueueRow* findRow(const QueueState& queue, std::int64_t run);

/// A process is at work on it.
bool isUnderWay(const QueueRow& row);
/// It waits for its turn: it never began, or its process was killed and may be tried again.
bool isWaiting(const QueueRow& row);

/// It ended before it was finished: a person may let it wait again.
bool canRetry(const QueueRow& row);

/// Id of the first run that may begin now; none while the queue is paused.
/// @param cores  that the queue may fill; a run that wants more than all of them begins when nothing else runs
/// @param starting  runs that a process was started for which has not claimed them yet: their cores are taken
/// @param slots  devices that runs have to themselves: one whose device is taken lets others pass
std::optional<std::int64_t> nextRun(const QueueState& queue, int cores, const std::set<std::int64_t>& starting,
                                    const DeviceSlots& slots = {});

/// Whether anything is under way, or would begin if cores were free: the worker's reason to stay.
bool hasWork(const QueueState& queue);

/// Something may begin, and no process is at work that a worker may be waiting for.
bool lacksWorker(const QueueState& queue);

/// What the run waits for, in words; empty for one that does not wait.
std::string waitsFor(const QueueState& queue, const QueueRow& row, const DeviceSlots& slots = {});

} // namespace gradus::store
