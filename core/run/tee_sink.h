// SPDX-License-Identifier: GPL-3.0-or-later
// One run, two listeners: the store and the terminal.
#pragma once

#include "events/event_sink.h"

namespace gradus::run {

/// Both sinks must outlive the tee.
class TeeSink final : public events::EventSink
{
public:
    TeeSink(events::EventSink& first, events::EventSink& second) : m_first(first), m_second(second) {}

    void point(const events::MetricPoint& point) override
    {
        m_first.point(point);
        m_second.point(point);
    }
    void stage(const events::StageEvent& event) override
    {
        m_first.stage(event);
        m_second.stage(event);
    }
    void generation(const events::GenerationRecord& record) override
    {
        m_first.generation(record);
        m_second.generation(record);
    }
    void event(const events::RunEvent& event) override
    {
        m_first.event(event);
        m_second.event(event);
    }
    void progress(const events::Progress& progress) override
    {
        m_first.progress(progress);
        m_second.progress(progress);
    }

    void votes(const events::VoteRecord& votes) override
    {
        m_first.votes(votes);
        m_second.votes(votes);
    }
    void episode(const events::EpisodeRecord& episode) override
    {
        m_first.episode(episode);
        m_second.episode(episode);
    }

private:
    events::EventSink& m_first;
    events::EventSink& m_second;
};

} // namespace gradus::run
