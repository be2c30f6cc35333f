// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/queue_plan.h"

#include "store/queue_order.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace gradus::viewmodels {

namespace {

struct Length
{
    double usual = kUnknownLength;
    double shortest = kUnknownLength;
    double longest = kUnknownLength;
    bool isKnown = false;
};

/// What is known of lengths, from the queue's own rows.
class Lengths final
{
public:
    Lengths(const store::QueueState& queue, double now)
    {
        for (const store::QueueRow& row : queue.rows) {
            const auto seconds = lengthOf(row, now);
            if (!seconds) continue;
            m_byCondition[{row.run.experimentHash, row.run.condition}].push_back(*seconds);
            m_byExperiment[row.run.experimentHash].push_back(*seconds);
            m_all.push_back(*seconds);
        }
    }

    Length of(const store::RunRow& run) const
    {
        if (const auto same = m_byCondition.find({run.experimentHash, run.condition}); same != m_byCondition.end())
            return summed(same->second);
        if (const auto near = m_byExperiment.find(run.experimentHash); near != m_byExperiment.end())
            return summed(near->second);
        return m_all.empty() ? Length{} : summed(m_all);
    }

private:
    static std::optional<double> lengthOf(const store::QueueRow& row, double now)
    {
        const store::RunRow& run = row.run;
        if (!run.startedAt) return std::nullopt;
        if (run.state == store::RunState::Finished && run.endedAt) return std::max(0.0, *run.endedAt - *run.startedAt);
        if (store::isUnderWay(row) && run.secondsLeft >= 0)
            return std::max(0.0, now - *run.startedAt) + run.secondsLeft;
        return std::nullopt;
    }

    static Length summed(std::vector<double> values)
    {
        std::sort(values.begin(), values.end());
        return {
            .usual = values[values.size() / 2], .shortest = values.front(), .longest = values.back(), .isKnown = true};
    }

    std::map<std::pair<std::string, std::string>, std::vector<double>> m_byCondition;
    std::map<std::string, std::vector<double>> m_byExperiment;
    std::vector<double> m_all;
};

/// Puts runs on slots, in the order in which they are given.
class Placing final
{
public:
    Placing(const store::QueueState& queue, int slots, double now, const store::DeviceSlots& devices)
        : m_queue(queue), m_devices(devices), m_lengths(queue, now), m_now(now),
          m_free(static_cast<std::size_t>(std::max(1, slots)), now)
    {
    }

    QueuePlan placed()
    {
        for (const store::QueueRow& row : m_queue.rows)
            if (store::isUnderWay(row)) goOn(row);
        for (const store::QueueRow& row : m_queue.rows)
            if (store::isWaiting(row)) begin(row);
        m_plan.slots = static_cast<int>(m_free.size());
        m_plan.end = m_now;
        for (const PlanBar& bar : m_plan.bars)
            m_plan.end = std::max(m_plan.end, bar.end);
        return std::move(m_plan);
    }

private:
    std::size_t firstFree() const
    {
        return static_cast<std::size_t>(std::min_element(m_free.begin(), m_free.end()) - m_free.begin());
    }

    void goOn(const store::QueueRow& row)
    {
        // More may run than there are slots: another worker was given more cores.
        std::size_t slot = firstFree();
        if (m_free[slot] > m_now) {
            slot = m_free.size();
            m_free.push_back(m_now);
        }
        const Length length = m_lengths.of(row.run);
        const double began = row.run.startedAt.value_or(m_now);
        const bool says = row.run.secondsLeft >= 0;
        const double end = says ? m_now + row.run.secondsLeft : std::max(m_now + 1, began + length.usual);
        place({.run = row.run.id,
               .slot = static_cast<int>(slot),
               .begin = std::min(began, m_now),
               .end = end,
               .earliest = says ? end : std::max(m_now, began + length.shortest),
               .latest = says ? end : std::max(end, began + length.longest),
               .isRunning = true,
               .isKnown = says || length.isKnown});
    }

    void begin(const store::QueueRow& row)
    {
        double from = m_now;
        if (row.after)
            if (const store::QueueRow* first = store::findRow(m_queue, *row.after);
                first != nullptr && first->run.state != store::RunState::Finished) {
                const PlanBar* bar = m_plan.find(first->run.id);
                if (bar == nullptr) {
                    ++m_plan.blocked;
                    return;
                }
                from = bar->end;
            }
        const std::size_t slot = firstFree();
        const Length length = m_lengths.of(row.run);
        if (const auto taken = m_deviceFree.find(m_devices.deviceOf(row.run.id)); taken != m_deviceFree.end())
            from = std::max(from, taken->second);
        const double start = std::max(from, m_free[slot]);
        // What was done before a crash or a stop need not be done again.
        const double left = std::clamp(1 - row.run.progress, 0.0, 1.0);
        place({.run = row.run.id,
               .slot = static_cast<int>(slot),
               .begin = start,
               .end = start + left * length.usual,
               .earliest = start + left * length.shortest,
               .latest = start + left * length.longest,
               .isRunning = false,
               .isKnown = length.isKnown});
    }

    void place(const PlanBar& bar)
    {
        m_free[static_cast<std::size_t>(bar.slot)] = bar.end;
        if (const std::string device = m_devices.deviceOf(bar.run); !device.empty())
            m_deviceFree[device] = std::max(m_deviceFree[device], bar.end);
        m_plan.bars.push_back(bar);
    }

    const store::QueueState& m_queue;
    const store::DeviceSlots& m_devices;
    Lengths m_lengths;
    double m_now;
    std::vector<double> m_free; ///< by slot: when it is free
    std::map<std::string, double> m_deviceFree;
    QueuePlan m_plan;
};

} // namespace

const PlanBar* QueuePlan::find(std::int64_t run) const
{
    const auto found = std::find_if(bars.begin(), bars.end(), [run](const PlanBar& bar) { return bar.run == run; });
    return found == bars.end() ? nullptr : &*found;
}

QueuePlan planQueue(const store::QueueState& queue, int slots, double now, const store::DeviceSlots& devices)
{
    return Placing(queue, slots, now, devices).placed();
}

} // namespace gradus::viewmodels
