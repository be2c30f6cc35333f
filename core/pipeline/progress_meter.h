// SPDX-License-Identifier: GPL-3.0-or-later
// Turns work done into a fraction and an estimate of the time left.
#pragma once

#include "events/event_sink.h"

#include <cstdint>
#include <string>

namespace gradus::pipeline {

/// Work is counted in units that cost about the same time (tokens x parameters plus an overhead a step). Owned by a run
/// and used in its thread.
class ProgressMeter final
{
public:
    ProgressMeter(events::EventSink& sink, int generations) : m_sink(sink), m_generations(generations) {}

    void setTotal(double units) { m_total = units; }
    /// Work that was not planned: a generation that is tried again.
    void extend(double units) { m_total += units; }
    /// Work that an earlier process of this run did: counts as done but not for the speed.
    void skip(double units);
    /// Sends progress at most five times a second; begin() and a change of generation always send.
    void begin(int generation, const std::string& activity, std::int64_t step);
    void advance(double units, const std::string& activity, std::int64_t step, double tokensPerSecond);
    /// generation: the newest one that stands, which is not the last one that was tried or forecast.
    void finish(std::int64_t step, int generation);
    /// The run was held for so many seconds, which do not count for the speed; says so at most once a second.
    void hold(double seconds);

    int generation() const { return m_generation; }
    std::int64_t step() const { return m_step; }               ///< the newest one heard of
    const std::string& activity() const { return m_activity; } ///< the newest one heard of

private:
    void send(const std::string& activity, std::int64_t step, double tokensPerSecond, bool always);
    events::Progress progress(const std::string& activity, std::int64_t step) const;

    events::EventSink& m_sink;
    int m_generations;
    int m_generation = 1;
    double m_total = 1;
    double m_done = 0;
    double m_skipped = 0;
    double m_startedAt = -1;
    double m_sentAt = -1;
    std::int64_t m_step = 0;
    std::string m_activity;
};

} // namespace gradus::pipeline
