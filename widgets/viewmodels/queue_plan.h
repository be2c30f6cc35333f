// SPDX-License-Identifier: GPL-3.0-or-later
// When each run of a queue will begin and end, by slot, as far as what is known of their lengths goes. Pure.
#pragma once

#include "store/device_slots.h"
#include "store/records.h"

#include <cstdint>
#include <vector>

namespace gradus::viewmodels {

/// A run on its slot. Times are wall seconds.
struct PlanBar
{
    std::int64_t run = 0;
    int slot = 0; ///< 0-based
    double begin = 0;
    double end = 0;      ///< expected
    double earliest = 0; ///< end if it is as short as the shortest run like it; end where there is no other
    double latest = 0;   ///< end if it is as long as the longest
    bool isRunning = false;
    bool isKnown = false; ///< false: nothing tells its length, and end is only a place for it
};

struct QueuePlan
{
    int slots = 1;
    std::vector<PlanBar> bars; ///< in the order in which they begin
    int blocked = 0;           ///< runs that wait for one that will not finish by itself
    double end = 0;            ///< of the last bar; now where there is none

    const PlanBar* find(std::int64_t run) const; ///< nullptr: it has no bar
};

/// Seconds that a run takes when nothing at all is known of runs like it.
inline constexpr double kUnknownLength = 60;

/// Runs under way go on, waiting ones begin in order on the first slot that is free and after the run they wait for.
/// A run's length: of finished runs of its experiment and condition, else of its experiment, else of what is under way.
/// @param slots  cores that the queue may fill, 1 or more
/// @param devices  that runs have to themselves: one begins where its own is free
QueuePlan planQueue(const store::QueueState& queue, int slots, double now, const store::DeviceSlots& devices = {});

} // namespace gradus::viewmodels
