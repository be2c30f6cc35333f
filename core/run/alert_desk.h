// SPDX-License-Identifier: GPL-3.0-or-later
// Watches what a run says by its alert rules and says an event where one fires: in the worker, so that it needs no
// window, and in memory, so that no rule costs a query.
#pragma once

#include "events/event_sink.h"
#include "run/alert_watch.h"

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::run {

/// Stands between a run and its listeners. Points come from the run's thread, ticks and other rules from any.
class AlertDesk final : public events::EventSink
{
public:
    /// Asks the run for what a rule wants done: one of events::kCommandVerbs.
    using Ask = std::function<void(std::string_view verb)>;
    /// inner must outlive the desk; it and ask are called from several threads.
    AlertDesk(events::EventSink& inner, const std::vector<spec::AlertRule>& rules, Ask ask = {});

    /// From now on these rules; those that stay keep what they have counted.
    void setRules(const std::vector<spec::AlertRule>& rules);
    std::vector<spec::AlertRule> rules() const;
    /// Looks for silence; held: the run is paused, and nothing is missed. A few times a second.
    void tick(bool held);

    void point(const events::MetricPoint& point) override;
    void stage(const events::StageEvent& event) override { m_inner.stage(event); }
    void generation(const events::GenerationRecord& record) override { m_inner.generation(record); }
    void event(const events::RunEvent& event) override { m_inner.event(event); }
    void progress(const events::Progress& progress) override;
    void votes(const events::VoteRecord& votes) override { m_inner.votes(votes); }
    void episode(const events::EpisodeRecord& episode) override { m_inner.episode(episode); }

private:
    struct Alert
    {
        events::RunEvent event;
        spec::AlertRule::Then then;
    };
    Alert fired(const spec::AlertRule& rule, const std::string& what, std::int64_t step) const;
    void tell(const std::vector<Alert>& alerts); ///< not under the mutex

    events::EventSink& m_inner;
    const Ask m_ask;
    mutable std::mutex m_mutex; ///< guards all below
    std::vector<AlertWatch> m_watches;
    int m_generation = 0;
    std::int64_t m_step = 0;
};

} // namespace gradus::run
