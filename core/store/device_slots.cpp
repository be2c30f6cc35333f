// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/device_slots.h"

#include "spec/stored.h"
#include "store/opening.h"
#include "store/queue_order.h"
#include "store/rows.h"

#include <algorithm>

namespace gradus::store {

namespace {

bool isFinished(const QueueRow& row)
{
    return row.run.state == RunState::Finished;
}

} // namespace

std::string exclusiveDevice(const spec::Experiment& experiment)
{
    return experiment.compute.device == "cpu" ? std::string() : experiment.compute.device;
}

bool DeviceSlots::knows(const QueueState& queue) const
{
    return std::all_of(queue.rows.begin(), queue.rows.end(),
                       [this](const QueueRow& row) { return isFinished(row) || m_devices.contains(row.run.id); });
}

Result<void> DeviceSlots::read(const std::filesystem::path& store, const QueueState& queue)
{
    if (knows(queue)) return {};
    auto database = openForReading(store);
    if (!database) return database.error();
    for (const QueueRow& row : queue.rows) {
        if (isFinished(row) || m_devices.contains(row.run.id)) continue;
        const auto text = readSpec(*database, row.run.id);
        if (!text) return text.error();
        // One that does not parse ends before it touches a device.
        const auto experiment = spec::parseStored(*text, "the store's frozen experiment");
        m_devices[row.run.id] = experiment ? exclusiveDevice(*experiment) : std::string();
    }
    return {};
}

std::string DeviceSlots::deviceOf(std::int64_t run) const
{
    const auto found = m_devices.find(run);
    return found == m_devices.end() ? std::string() : found->second;
}

const QueueRow* DeviceSlots::holder(const QueueState& queue, const QueueRow& row,
                                    const std::set<std::int64_t>& starting) const
{
    const std::string device = deviceOf(row.run.id);
    if (device.empty()) return nullptr;
    const auto found = std::find_if(queue.rows.begin(), queue.rows.end(), [&](const QueueRow& other) {
        return other.run.id != row.run.id && (isUnderWay(other) || starting.contains(other.run.id)) &&
               deviceOf(other.run.id) == device;
    });
    return found == queue.rows.end() ? nullptr : &*found;
}

} // namespace gradus::store
