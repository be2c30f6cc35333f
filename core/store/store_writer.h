// SPDX-License-Identifier: GPL-3.0-or-later
// The writing side of a run store: one thread, batched commits, nothing acknowledged is ever lost.
#pragma once

#include "base/result.h"
#include "events/event_sink.h"
#include "spec/experiment.h"
#include "store/records.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gradus::store {

/// A command that somebody (window, `gradus stop`) left for a run.
struct CommandRow
{
    std::int64_t id = 0;
    std::int64_t runId = 0;
    std::string verb;    ///< one of events::kCommandVerbs
    std::string payload; ///< what the verb is about; most have none
};

/// What a resumed run must know of its past.
struct ResumePoint
{
    std::int64_t runId = 0;
    std::string uuid;
    std::string condition;
    std::int64_t seed = 1;
    std::string specToml; ///< frozen canonical experiment of this one run
    RunState state = RunState::Queued;
    std::vector<events::GenerationRecord> generations;
    std::vector<StageRow> stages;
    std::vector<EventRow> events;
    std::vector<PointRow> utility; ///< series utility/competence: detectors look back within a generation
};

/// Owns the write connection and its thread. Records are queued (microseconds) and committed in batches at most 200 ms
/// apart with synchronous=FULL. All public functions may be called from any thread.
class StoreWriter final
{
public:
    /// Opens or creates the store (migrating it after a backup). Bad input when it cannot: newer schema, read-only
    /// folder, not a store, network file system where WAL does not work.
    static Result<std::unique_ptr<StoreWriter>> open(const std::filesystem::path& path);
    ~StoreWriter(); ///< commits what is queued

    /// Records the experiment and its runs, all of them or none, in state Queued. Returns the runs' ids.
    Result<std::vector<std::int64_t>> addRuns(const spec::Experiment& experiment, const std::string& sourceToml,
                                              const std::vector<spec::RunSpec>& runs);
    /// The same for a run that no experiment file describes.
    Result<std::int64_t> addOther(const OtherRun& run);
    Result<ResumePoint> resumePoint(std::int64_t runId);

    /// Marks the run as owned by this process (pid, start time, boot id) and Running; refused while another living
    /// process owns it.
    Result<void> claim(std::int64_t runId);
    void setState(std::int64_t runId, RunState state, const std::string& failure = {});
    void artefact(std::int64_t runId, int generation, const std::string& kind, const std::string& path,
                  const std::string& sha256);

    /// The sink of one run. It stays valid as long as this writer.
    events::EventSink& sink(std::int64_t runId);

    /// Returns when everything queued before the call is committed; the error is the first one the thread met.
    Result<void> flush();

    /// The first error the thread met, if any (disk full, input/output error): from then on nothing is written any
    /// more, and the run must stop with this sentence. Cheap enough to ask after every step.
    std::optional<Error> failed() const;

    /// Leaves a command for whoever works on the run, and an event that it was asked for. Bad input for an unknown verb
    /// or run. Whether it is obeyed, a later event says: see command_log.h.
    Result<std::int64_t> postCommand(std::int64_t runId, const std::string& verb, const std::string& payload = {});
    /// Commands not taken yet, marked as taken.
    Result<std::vector<CommandRow>> takeCommands(std::int64_t runId);

private:
    struct Impl;
    explicit StoreWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace gradus::store
