// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/slots.h"

#include "store/device_slots.h"

#include <algorithm>
#include <utility>

namespace gradus::run {

int slotsFor(const std::vector<spec::RunSpec>& runs, int jobs, int cores)
{
    int threads = 1;
    int sharing = 0;
    std::set<std::string> devices;
    for (const spec::RunSpec& run : runs) {
        threads = std::max(threads, run.experiment.compute.threads);
        const std::string device = store::exclusiveDevice(run.experiment);
        if (device.empty())
            ++sharing;
        else
            devices.insert(device);
    }
    const int wanted = jobs > 0 ? jobs : std::max(1, cores / threads);
    return std::clamp(wanted, 1, std::max(1, sharing + static_cast<int>(devices.size())));
}

JobOrder::JobOrder(std::vector<std::string> devices) : m_devices(std::move(devices)), m_given(m_devices.size()) {}

std::optional<std::size_t> JobOrder::take()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        bool left = false;
        for (std::size_t job = 0; job < m_devices.size(); ++job) {
            if (m_given[job]) continue;
            left = true;
            if (m_taken.contains(m_devices[job])) continue;
            m_given[job] = true;
            if (!m_devices[job].empty()) m_taken.insert(m_devices[job]);
            return job;
        }
        if (!left) return std::nullopt;
        m_freed.wait(lock);
    }
}

void JobOrder::ended(std::size_t job)
{
    {
        const std::lock_guard lock(m_mutex);
        m_taken.erase(m_devices[job]);
    }
    m_freed.notify_all();
}

} // namespace gradus::run
