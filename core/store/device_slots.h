// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs of a queue have a device to themselves, and who has it now: two trainings on one GPU would share its
// memory and halve each other's speed.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"
#include "store/records.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace gradus::store {

/// The device that a run of this experiment has to itself ("cuda"); empty where runs share it as far as cores go.
std::string exclusiveDevice(const spec::Experiment& experiment);

/// Remembers what runs ask for; a run's experiment is frozen, so that this is read once. A value; one thread at a time.
class DeviceSlots final
{
public:
    /// Whether nothing of the queue needs to be read: of every run that is not finished its device is known.
    bool knows(const QueueState& queue) const;
    /// Looks into the store for those that are not known. Blocks: never in the GUI thread.
    Result<void> read(const std::filesystem::path& store, const QueueState& queue);
    void set(std::int64_t run, const std::string& device) { m_devices[run] = device; }

    /// Empty: it shares, or it is not known.
    std::string deviceOf(std::int64_t run) const;
    /// The run that has the device which this one waits for; nullptr: it is free, or none is needed.
    /// @param starting  runs that a process was started for which has not claimed them yet
    const QueueRow* holder(const QueueState& queue, const QueueRow& row, const std::set<std::int64_t>& starting) const;

private:
    std::map<std::int64_t, std::string> m_devices; ///< run -> device, empty where it shares
};

} // namespace gradus::store
