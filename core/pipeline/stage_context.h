// SPDX-License-Identifier: GPL-3.0-or-later
// What every stage of a run is given: the frozen spec, the task, the ladder, a folder, and where to report.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "data/task.h"
#include "events/event_sink.h"
#include "pipeline/command_desk.h"
#include "pipeline/ladder.h"
#include "pipeline/progress_meter.h"
#include "spec/experiment.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace gradus::pipeline {

/// References must outlive the stages. One run = one context = one thread.
struct StageContext
{
    const spec::RunSpec& spec;
    const data::Task& task;
    const Ladder& ladder;
    std::filesystem::path folder; ///< of this run's weights and checkpoints
    events::EventSink& sink;
    const StopFlag& stop;
    /// Returns when everything said to the sink so far is durable. A checkpoint is only written after that, so that a
    /// resumed run never lacks a row from before its checkpoint.
    std::function<Result<void>()> settle;
    ProgressMeter& meter;
    /// Cells were asked for and did not hold before the run began: one sentence, and discovery is simulated.
    std::string cellsRefused = {};
    CommandDesk* desk = nullptr; ///< where commands to the living run wait; nobody asks without one

    /// Seed of one purpose within the run ("generation 2/student"): streams of different purposes are independent.
    std::uint64_t seedFor(const std::string& purpose) const;
    /// The same run with another spec, which must outlive the copy.
    StageContext withSpec(const spec::RunSpec& other) const
    {
        return {.spec = other,
                .task = task,
                .ladder = ladder,
                .folder = folder,
                .sink = sink,
                .stop = stop,
                .settle = settle,
                .meter = meter,
                .cellsRefused = cellsRefused,
                .desk = desk};
    }
    /// Between two pieces of work of which neither can be saved half done: here the run can be held.
    void safePoint() const
    {
        if (desk != nullptr) desk->atSafePoint();
    }
    engine::HeadShape head() const;
    std::filesystem::path weightsOf(int generation) const;        ///< A_i^-
    std::filesystem::path alignedWeightsOf(int generation) const; ///< A_i^+
    std::filesystem::path hazardsOf(int generation) const;
    std::filesystem::path ceilingOf(int generation) const; ///< what its ceiling answers, see ceiling_labels.h
};

} // namespace gradus::pipeline
