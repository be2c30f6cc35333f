// SPDX-License-Identifier: GPL-3.0-or-later
// What readers of the store get: plain rows, cheap to copy across threads.
#pragma once

#include "base/interval.h"
#include "events/events.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::store {

/// States of a run. A run whose process is gone is told from a living one by pid, process start time and boot id.
enum class RunState
{
    Queued,
    Preparing,
    Running,
    Stopping,
    Stopped, ///< asked to stop, checkpointed, can be resumed
    Finished,
    Failed,
    Crashed, ///< its process is gone without a word; can be resumed
};
const char* nameOf(RunState state);

/// One line of the Runs dock.
struct RunRow
{
    std::int64_t id = 0;
    std::string uuid;
    std::string experimentName;
    std::string experimentHash;
    std::string condition; ///< empty without a sweep
    std::int64_t seed = 1;
    RunState state = RunState::Queued;
    double progress = 0;     ///< 0..1
    double secondsLeft = -1; ///< negative: unknown
    std::string activity;    ///< what it is doing now, one line
    std::string failure;     ///< one sentence when it failed
    double createdAt = 0;    ///< wall seconds
    std::optional<double> startedAt;
    std::optional<double> endedAt;
    std::optional<double> heartbeatAt;
    int generation = 0; ///< generation in work or last finished
    int generations = 0;
    std::string procedure;
    std::string taskName;
    std::optional<double> lastUtility;
    std::optional<double> lastImitation;
    std::vector<double> utilityHistory; ///< one value a finished generation, for sparklines
};

struct PointRow
{
    std::int64_t step = 0;
    double wall = 0;  ///< wall seconds when it was logged
    double value = 0; ///< NaN and infinities restored from the kind column
};

struct SeriesPoints
{
    std::string name;
    std::vector<PointRow> points; ///< increasing step
};

struct StageRow
{
    int generation = 1;
    events::StageKind kind = events::StageKind::Competence;
    events::StageState state = events::StageState::Running;
    std::int64_t firstStep = 0;
    std::int64_t lastStep = 0; ///< equals firstStep while running
    double begunAt = 0;
    std::optional<double> endedAt;
    std::string inputHash;
    std::string outputHash;
    std::string note;
};

struct EventRow
{
    std::int64_t id = 0;
    std::string kind;
    int generation = 0;
    std::int64_t step = 0;
    double wall = 0;
    std::string sentence;
    std::string detailsJson;
};

/// Everything Live shows of one run, except the points.
struct RunDetail
{
    RunRow run;
    std::string specToml; ///< the frozen canonical experiment
    std::vector<events::GenerationRecord> generations;
    std::vector<StageRow> stages;
    std::vector<EventRow> events;
};

/// A run of the queue. Where it stands is the state of the run itself.
struct QueueRow
{
    RunRow run;
    std::optional<std::int64_t> after; ///< id of the run that must be finished first
    int threads = 1;                   ///< cores it takes
    int attempts = 0;                  ///< processes that were started for it since it was added or retried
};

struct QueueState
{
    std::vector<QueueRow> rows;     ///< in the order in which they are to begin
    std::optional<double> pausedAt; ///< wall seconds; nothing new begins while it is set
};

/// One bucket of the min/max/last pyramid.
struct Bucket
{
    std::int64_t firstStep = 0;
    std::int64_t lastStep = 0;
    double minimum = 0;
    double maximum = 0;
    double last = 0;
    std::int64_t count = 0;
};

/// A sandbox episode as a list shows it; texts are untrusted bytes.
struct EpisodeRow
{
    std::int64_t id = 0;
    std::int64_t runId = 0;
    int generation = 1;
    std::string key = {};      ///< "discovery/2/17"
    std::string scenario = {}; ///< "family / variation"
    std::string judge = {};
    std::string verdict = {};            ///< "hazard" | "safe" | "asked"; empty while nobody has judged
    std::optional<double> severity = {}; ///< 0..1, of a hazard
    std::string safeBehaviour = {};      ///< what is taught for the hazard; empty while there is none
    int messages = 0;
};

} // namespace gradus::store
