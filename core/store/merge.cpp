// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/merge.h"

#include "base/text.h"
#include "store/database.h"
#include "store/opening.h"
#include "store/rows.h"
#include "store/run_copy.h"
#include "store/run_marks.h"
#include "store/store_check.h"

#include <algorithm>
#include <system_error>

namespace gradus::store {

namespace {

bool isLive(RunState state)
{
    return state == RunState::Preparing || state == RunState::Running || state == RunState::Stopping;
}

std::string nameOf(const RunRow& run)
{
    return visible(run.experimentName, 60) + (run.condition.empty() ? "" : ", " + visible(run.condition, 60)) +
           ", seed " + std::to_string(run.seed) + " (" + visible(run.uuid.substr(0, 8)) + ")";
}

Result<void> refuseUnsound(const std::filesystem::path& other)
{
    const auto report = checkStore(other);
    if (!report) return report.error();
    if (report->damage.empty()) return {}; // a wrong pyramid is computed anew
    return badInput("The store " + other.string() + " is damaged (" + visible(report->damage.front()) +
                    "); nothing was merged, go back to a backup of it.");
}

/// What the other store cannot give is the other file's fault, whatever SQLite calls it.
Error ofInput(Error error)
{
    error.kind = ErrorKind::BadInput;
    return error;
}

/// How far a run has come: its last point's step and its end.
struct Reached
{
    std::int64_t step = 0;
    double wall = 0;
};

Result<Reached> reachedBy(Database& database, std::int64_t runId)
{
    auto query = database.prepare("SELECT step, coalesce(ended_at, heartbeat_at, started_at, created_at) FROM run "
                                  "WHERE id = ?1");
    if (!query) return query.error();
    const auto row = query->bind(runId).step();
    if (!row) return row.error();
    return Reached{query->integer(0), query->real(1)};
}

/// One merge: the open stores and what was found.
class Merge
{
public:
    Merge(Database& other, Database& target, const std::vector<RunTable>& tables, const MergeOptions& options)
        : m_other(other), m_target(target), m_tables(tables), m_options(options)
    {
    }

    Result<void> run(const RunRow& run)
    {
        if (isLive(run.state)) return skip(run, "a process works on it; merge again when it has ended");
        if (run.state == RunState::Queued) return skip(run, "it waits in a queue and holds nothing yet");
        auto transaction = Transaction::begin(m_target, Transaction::Kind::Write);
        if (!transaction) return transaction.error();
        const auto here = findUuid(m_target, run.uuid);
        if (!here) return here.error();
        RunMarks said; // of the run as it was here
        if (*here) {
            auto marks = readMarks(m_target, **here);
            if (!marks) return marks.error();
            said = std::move(*marks);
            const auto replaced = replace(run, **here);
            if (!replaced) return replaced.error();
            if (!*replaced) return takeMarks(run, **here, *transaction);
        }
        const auto copied = copyRun(m_other, run.id, m_target, m_tables);
        if (!copied) return copied.error();
        if (const auto joined = joinMarks(m_target, *copied, said); !joined) return joined.error();
        if (auto done = transaction->commit(); !done) return done;
        report.merged.push_back(nameOf(run));
        if (*here) report.replaced.push_back(report.merged.back());
        return m_target.walFrames() > kCheckpointFrames ? m_target.checkpoint(false) : Result<void>{};
    }

    MergeReport report;

private:
    static constexpr int kCheckpointFrames = 1000;

    Result<void> skip(const RunRow& run, const std::string& why)
    {
        report.skipped.push_back({nameOf(run), why});
        return {};
    }

    /// The run stays as it is here; what was said of it there is said here, too.
    Result<void> takeMarks(const RunRow& run, std::int64_t here, Transaction& transaction)
    {
        const auto joined = joinMarks(m_target, here, {.tags = run.tags, .note = run.note});
        if (!joined) return joined.error();
        if (!*joined) return {};
        ++report.marked;
        return transaction.commit();
    }

    /// True when the run that is here was removed to make room for a later state of it.
    Result<bool> replace(const RunRow& run, std::int64_t here)
    {
        const auto theirs = reachedBy(m_other, run.id);
        if (!theirs) return theirs.error();
        const auto ours = reachedBy(m_target, here);
        if (!ours) return ours.error();
        if (theirs->step <= ours->step && theirs->wall <= ours->wall) {
            ++report.alreadyHere;
            return false;
        }
        const auto row = readRun(m_target, here);
        if (!row) return row.error();
        std::string why;
        if (isLive((*row)->state))
            why = "a process works on it in this store";
        else if (!m_options.replace)
            why = "it is here already and the other has gone further (step " + std::to_string(theirs->step) +
                  " against " + std::to_string(ours->step) + "); --replace takes the other";
        if (!why.empty()) {
            report.skipped.push_back({nameOf(run), why});
            return false;
        }
        if (auto done = deleteRun(m_target, here, m_tables); !done) return done.error();
        return true;
    }

    Database& m_other;
    Database& m_target;
    const std::vector<RunTable>& m_tables;
    const MergeOptions& m_options;
};

} // namespace

Result<MergeReport> mergeStore(const std::filesystem::path& target, const std::filesystem::path& other,
                               const MergeOptions& options)
{
    std::error_code code;
    if (std::filesystem::equivalent(target, other, code))
        return badInput("The store " + other.string() + " cannot be merged into itself; name another one.");
    if (auto sound = refuseUnsound(other); !sound) return sound.error();
    auto from = openForReading(other);
    if (!from) return from.error();
    const auto snapshot = Transaction::begin(*from, Transaction::Kind::Read);
    if (!snapshot) return ofInput(snapshot.error());
    auto runs = readRuns(*from);
    if (!runs) return ofInput(runs.error());
    auto to = openForWriting(target);
    if (!to) return to.error();
    const auto tables = runTables(*to);
    if (!tables) return tables.error();
    Merge merge(*from, *to, *tables, options);
    std::reverse(runs->begin(), runs->end()); // oldest first, so that ids keep the order in which runs were made
    for (const RunRow& run : *runs) {
        if (options.stop != nullptr && options.stop->requested())
            return Error{.message = "Stopped; the runs merged so far are whole, and merging again goes on.",
                         .kind = ErrorKind::Stopped};
        if (auto done = merge.run(run); !done) return done.error();
    }
    to->closeWithCheckpoint();
    return std::move(merge.report);
}

} // namespace gradus::store
