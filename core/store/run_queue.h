// SPDX-License-Identifier: GPL-3.0-or-later
// Changes to the queue of a store: what waits, in which order, and what becomes of a run whose process is gone.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"
#include "store/records.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gradus::store {

/// A write connection of its own. Every call is one transaction, so that any number of windows, commands and workers
/// may change the queue at once. One thread at a time; never the GUI thread.
class RunQueue final
{
public:
    /// Bad input where there is no store: a mistyped path must not become an empty queue. Else as StoreWriter::open.
    static Result<RunQueue> open(const std::filesystem::path& path);
    /// As StoreWriter::open.
    static Result<RunQueue> openOrCreate(const std::filesystem::path& path);
    ~RunQueue();
    RunQueue(RunQueue&&) noexcept;
    RunQueue& operator=(RunQueue&&) noexcept;

    Result<QueueState> state();
    /// Changes whenever somebody else committed. A few microseconds.
    Result<std::int64_t> dataVersion();

    /// Records the runs of an experiment and puts them at the end of the queue, all of them or none. Their ids.
    /// @param after  run of the queue that must be finished before any of them begins
    Result<std::vector<std::int64_t>> add(const spec::Experiment& experiment, const std::string& sourceToml,
                                          const std::vector<spec::RunSpec>& runs, std::optional<std::int64_t> after);
    /// Moves a waiting run by that many places among the waiting ones (negative: earlier), as far as there are places.
    /// @param moved  by how many it was moved, negative: earlier; may be null
    Result<void> move(std::int64_t run, int places, int* moved = nullptr);
    /// Nothing: it waits for nobody. Refused where runs would wait for each other in a circle.
    Result<void> setAfter(std::int64_t run, std::optional<std::int64_t> after);
    Result<void> setPaused(bool paused);
    /// A stopped, failed or crashed run waits again, to go on from its last checkpoint, with all its attempts.
    Result<void> retry(std::int64_t run);
    /// Takes a run that is not under way out of the queue; the run itself stays in the store.
    Result<void> remove(std::int64_t run);
    /// Takes all finished runs out of the queue; how many.
    Result<std::int64_t> removeFinished();

    /// For the worker: a process was started for the run.
    Result<void> countAttempt(std::int64_t run);
    /// For the worker, which asked its processes to stop because it ends itself: the run waits as before.
    Result<void> giveBack(std::int64_t run);
    /// For the worker: the run's process ended before it could begin, for this reason.
    Result<void> giveUp(std::int64_t run, const std::string& sentence);

private:
    struct Impl;
    explicit RunQueue(std::unique_ptr<Impl> impl);
    /// What `change` does with the queue as it is, in one write transaction.
    template <typename Change>
    Result<void> changed(Change change);
    std::unique_ptr<Impl> m_impl;
};

} // namespace gradus::store
