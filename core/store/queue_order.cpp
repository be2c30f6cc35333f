// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/queue_order.h"

#include <algorithm>

namespace gradus::store {

namespace {

/// The run that row must wait for, while it is not finished. One that left the queue holds nobody up.
const QueueRow* predecessor(const QueueState& queue, const QueueRow& row)
{
    const QueueRow* after = row.after ? findRow(queue, *row.after) : nullptr;
    return after && after->run.state != RunState::Finished ? after : nullptr;
}

std::string shortName(const RunRow& run)
{
    return run.uuid.substr(0, 8);
}

} // namespace

const QueueRow* findRow(const QueueState& queue, std::int64_t run)
{
    const auto found =
        std::find_if(queue.rows.begin(), queue.rows.end(), [&](const QueueRow& row) { return row.run.id == run; });
    return found == queue.rows.end() ? nullptr : &*found;
}

bool isUnderWay(const QueueRow& row)
{
    const RunState state = row.run.state;
    return state == RunState::Preparing || state == RunState::Running || state == RunState::Stopping;
}

bool isWaiting(const QueueRow& row)
{
    return row.run.state == RunState::Queued || (row.run.state == RunState::Crashed && row.attempts < kMostAttempts);
}

bool canRetry(const QueueRow& row)
{
    const RunState state = row.run.state;
    return state == RunState::Stopped || state == RunState::Failed || state == RunState::Crashed;
}

std::optional<std::int64_t> nextRun(const QueueState& queue, int cores, const std::set<std::int64_t>& starting,
                                    const DeviceSlots& slots)
{
    if (queue.pausedAt) return std::nullopt;
    int taken = 0;
    for (const QueueRow& row : queue.rows)
        if (isUnderWay(row) || starting.contains(row.run.id)) taken += row.threads;
    for (const QueueRow& row : queue.rows) {
        if (!isWaiting(row) || starting.contains(row.run.id) || predecessor(queue, row)) continue;
        // Until its device is free it holds nobody up; then it is first again.
        if (slots.holder(queue, row, starting)) continue;
        // The first that is ready waits for its cores; smaller ones do not overtake it for ever.
        if (taken == 0 || taken + row.threads <= cores) return row.run.id;
        return std::nullopt;
    }
    return std::nullopt;
}

bool hasWork(const QueueState& queue)
{
    return std::any_of(queue.rows.begin(), queue.rows.end(), [&](const QueueRow& row) {
        if (isUnderWay(row)) return true;
        return isWaiting(row) && !queue.pausedAt && !predecessor(queue, row);
    });
}

bool lacksWorker(const QueueState& queue)
{
    // While something runs its worker decides: it may have been given fewer cores than there are.
    return std::none_of(queue.rows.begin(), queue.rows.end(), isUnderWay) && nextRun(queue, 1, {}).has_value();
}

std::string waitsFor(const QueueState& queue, const QueueRow& row, const DeviceSlots& slots)
{
    if (row.run.state == RunState::Crashed && !isWaiting(row))
        return "its process ended without a word " + std::to_string(row.attempts) + " times; retry it by hand";
    if (!isWaiting(row)) return {};
    if (const QueueRow* first = predecessor(queue, row)) {
        const bool stuck = !isWaiting(*first) && !isUnderWay(*first);
        return "after " + shortName(first->run) +
               (stuck ? std::string(", which is ") + nameOf(first->run.state) + "; retry that one, or remove it" : "");
    }
    if (queue.pausedAt) return "the queue is paused";
    if (const QueueRow* holder = slots.holder(queue, row, {}))
        return slots.deviceOf(row.run.id) + ", which " + shortName(holder->run) + " has to itself";
    return row.run.state == RunState::Crashed ? "a free slot, to go on from its last checkpoint" : "a free slot";
}

} // namespace gradus::store
