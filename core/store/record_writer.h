// SPDX-License-Identifier: GPL-3.0-or-later
// Turns records of a run into rows. Every write is an upsert: a resumed run may say everything twice.
#pragma once

#include "base/result.h"
#include "events/events.h"
#include "spec/experiment.h"
#include "store/records.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::store {

class Database;

/// All of these run inside the caller's write transaction; wall is in wall seconds.

Result<std::int64_t> seriesIdOf(Database& database, std::int64_t runId, const std::string& name);
/// Points of one series in the order they were logged; sorts them and brings the pyramid up to date. A replaced point
/// keeps its first wall time.
Result<void> writePoints(Database& database, std::int64_t seriesId, std::vector<PointRow>& points);

Result<void> writeStage(Database& database, std::int64_t runId, const events::StageEvent& event, double wall);
Result<void> writeGeneration(Database& database, std::int64_t runId, const events::GenerationRecord& record);
/// The run stands at this generation; what lists show of it is what its rows say: of the last one that was kept, after
/// alignment where that ran.
Result<void> updateLastValues(Database& database, std::int64_t runId, int generation);
Result<void> writeEvent(Database& database, std::int64_t runId, const events::RunEvent& event, double wall);
Result<void> writeProgress(Database& database, std::int64_t runId, const events::Progress& progress, double wall);
Result<void> writeState(Database& database, std::int64_t runId, RunState state, const std::string& failure,
                        double wall);

struct Artefact
{
    std::int64_t runId = 0;
    int generation = 0;
    std::string kind;
    std::string path;
    std::string sha256;
};
Result<void> writeArtefact(Database& database, const Artefact& artefact, double wall);

/// The experiment of this text, which is inserted if the store has it not yet.
Result<std::int64_t> experimentIdOf(Database& database, const spec::Experiment& experiment,
                                    const std::string& sourceToml);
/// Inserts the experiment (once per text) and its runs in state Queued; appends the runs' ids.
Result<void> insertRuns(Database& database, const spec::Experiment& experiment, const std::string& sourceToml,
                        const std::vector<spec::RunSpec>& runs, std::vector<std::int64_t>& ids);
/// Makes this process the run's owner; Refused while another living process is.
Result<void> claimRun(Database& database, std::int64_t runId, double wall);

} // namespace gradus::store
