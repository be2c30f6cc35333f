// SPDX-License-Identifier: GPL-3.0-or-later
// The one door through which a run says what happened.
#pragma once

#include "events/events.h"

namespace gradus::events {

/// Implemented by the store's writer, by the terminal's progress printer and by test recorders.
/// Calls come from the run's thread; an implementation must return at once (queue, do not write) and must not throw.
class EventSink
{
public:
    virtual ~EventSink() = default;
    virtual void point(const MetricPoint& point) = 0;
    virtual void stage(const StageEvent& event) = 0;
    virtual void generation(const GenerationRecord& record) = 0;
    virtual void event(const RunEvent& event) = 0;
    virtual void progress(const Progress& progress) = 0;
    virtual void votes(const VoteRecord&) {} ///< a listener that shows none need not look
    virtual void episode(const EpisodeRecord&) {}

    /// name, name/ci_low and name/ci_high.
    void estimate(const MetricEstimate& metric)
    {
        point({metric.series, metric.step, metric.estimate.value});
        point({metric.series + "/ci_low", metric.step, metric.estimate.low});
        point({metric.series + "/ci_high", metric.step, metric.estimate.high});
    }
};

} // namespace gradus::events
