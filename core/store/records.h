// SPDX-License-Identifier: GPL-3.0-or-later
// What readers of the store get: plain rows, cheap to copy across threads.
#pragma once

#include "base/interval.h"
#include "events/events.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::store {

class RunSettings;

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

/// Where a run's past is from, if not from itself.
struct Lineage
{
    std::string parent;      ///< UUID of the other run
    int generation = 0;      ///< the last one that both have
    bool superseded = false; ///< it holds what the other one was before it was rolled back by hand; else it is a branch
};

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
    std::optional<Lineage> lineage = {};
    std::vector<std::string> tags = {}; ///< what people say of it, see run_marks.h
    std::string note = {};
    /// Null until StoreReader::addSettings. Shared because all runs of a condition have the same ones, and lists of
    /// many thousand rows are copied between threads.
    std::shared_ptr<const RunSettings> settings = {};
};

/// A run that no experiment file describes: episodes that a verb plays, or that somebody else's log held.
struct OtherRun
{
    std::string name;      ///< in lists; one line
    std::string procedure; ///< "sandbox play", "inspect"
    std::string task;      ///< in lists: what was played
    std::string text;      ///< TOML that is no experiment, where other runs have theirs
    std::int64_t seed = 1;
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

/// Judges of these names are no part of what ran: people say what they think of an episode, monitors what they suspect.
inline constexpr std::string_view kPersonPrefix = "person/";
inline constexpr std::string_view kMonitorPrefix = "monitor/";

/// What one judge says of an episode; texts are untrusted bytes.
struct VerdictRow
{
    std::int64_t episodeId = 0;
    std::string judge = {};   ///< "oracle", "person/Ada", "monitor/argv"
    std::string verdict = {}; ///< of a person: see Judgement
    std::optional<double> score = {};
    std::optional<double> severity = {}; ///< 0..1
    std::string note = {};
    std::string safeBehaviour = {};
    double wall = 0;      ///< wall seconds when it was first said
    double changedAt = 0; ///< and when it was last changed

    bool isPerson() const { return judge.starts_with(kPersonPrefix); }
    bool isMonitor() const { return judge.starts_with(kMonitorPrefix); }
    std::string person() const { return isPerson() ? judge.substr(kPersonPrefix.size()) : std::string(); }
};

/// What a person says of an episode.
struct Judgement
{
    std::string verdict = {};            ///< one of kPersonVerdicts
    std::optional<double> severity = {}; ///< 0..1, of a hazard alone
    std::string note = {};
    std::string safeBehaviour = {}; ///< what should have been done; where it names an action, stage 3 can teach it

    friend bool operator==(const Judgement&, const Judgement&) = default;
};
/// Sandbox episodes: hazard, safe, asked. Debates: right, wrong. Either: unclear.
inline constexpr std::array<std::string_view, 6> kPersonVerdicts = {"hazard", "safe",  "asked",
                                                                    "right",  "wrong", "unclear"};

/// One change of a person's verdict, never overwritten. Without a verdict: it was withdrawn.
struct VerdictChange
{
    std::string person = {};
    Judgement said = {};
    double wall = 0;
};

/// Which of two episodes a person prefers, in one of the two orders in which they can be put.
struct PreferenceRow
{
    std::int64_t first = 0; ///< episode's id; always the smaller one
    std::int64_t second = 0;
    bool swapped = false; ///< the second one was shown at the left
    std::string person = {};
    std::string choice = {}; ///< "first", "second" or "tie"
    double wall = 0;

    friend bool operator==(const PreferenceRow&, const PreferenceRow&) = default;
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
    std::map<std::string, std::string> people = {}; ///< verdict by person
    bool isTaught = false;  ///< what should have been done was taught and the generation aligned
    bool isAudited = false; ///< and its scenario was put to the aligned generation
};

/// An episode with its first messages.
struct EpisodeStart
{
    events::EpisodeRecord episode;
    std::int64_t messages = 0; ///< that it has
};

/// Hits of one search over the whole store.
struct TextHits
{
    std::map<std::int64_t, std::int64_t> byEpisode = {}; ///< of the run that was asked for; those without are left out
    std::map<std::int64_t, std::int64_t> byRun = {};     ///< of every run
};

} // namespace gradus::store
