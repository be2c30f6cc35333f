// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/queue_worker.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "run/child_process.h"
#include "store/queue_order.h"
#include "store/run_queue.h"
#include "store/store_lock.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <set>
#include <thread>

namespace gradus::run {

namespace {

constexpr auto kPause = std::chrono::milliseconds(50);
/// A process that dies leaves no commit behind: look again after that many seconds whatever the store says.
constexpr double kLookAgain = 1.0;

std::string labelOf(const store::RunRow& run)
{
    return run.uuid.substr(0, 8) + " (" + visible(run.experimentName, 60) +
           (run.condition.empty() ? "" : ", " + visible(run.condition, 60)) + ", seed " + std::to_string(run.seed) +
           ")";
}

/// What a process said last, made safe to show.
std::string lastLine(const std::filesystem::path& log)
{
    const std::vector<std::string> lines = lastLines(log, 1);
    return lines.empty() ? std::string() : visible(lines.front(), 400);
}

class Worker final
{
public:
    Worker(const QueueWorkerOptions& options, store::RunQueue& queue, const StopFlag& stop,
           const std::function<void(const std::string&)>& say)
        : m_options(options), m_queue(queue), m_stop(stop), m_say(say),
          m_cores(options.cores > 0 ? options.cores
                                    : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))),
          m_logs(std::filesystem::absolute(options.store).parent_path() / "logs")
    {
    }

    /// Until there is nothing to do or to wait for.
    Result<void> work()
    {
        if (auto made = makeFolder(m_logs); !made) return made;
        for (;;) {
            if (m_stop.requested()) return stopChildren();
            if (auto noticed = noticeEnds(); !noticed) return noticed;
            const auto look = mustLook();
            if (!look) return look.error();
            if (*look) {
                const auto queue = m_queue.state();
                if (!queue) return queue.error();
                if (m_children.empty() && !store::hasWork(*queue)) return {};
                const auto begun = beginNext(*queue);
                if (!begun) return begun.error();
                if (*begun) continue; // perhaps there is room for another one
            }
            std::this_thread::sleep_for(kPause);
        }
    }

    const QueueOutcome& outcome() const { return m_outcome; }

private:
    Result<bool> mustLook()
    {
        const auto version = m_queue.dataVersion();
        if (!version) return version.error();
        const double now = monotonicSeconds();
        if (*version == m_seenVersion && now - m_lookedAt < kLookAgain) return false;
        m_seenVersion = *version;
        m_lookedAt = now;
        return true;
    }

    Result<bool> beginNext(const store::QueueState& queue)
    {
        std::set<std::int64_t> starting;
        for (const auto& [child, run] : m_children)
            starting.insert(run);
        if (auto read = m_slots.read(m_options.store, queue); !read) return read.error();
        const auto next = store::nextRun(queue, m_cores, starting, m_slots);
        if (!next) return false;
        const store::QueueRow* row = store::findRow(queue, *next);
        // Counted first: if this worker is killed in between, an attempt too many is the smaller harm.
        if (auto counted = m_queue.countAttempt(*next); !counted) return counted.error();
        const auto child = startChild(m_options.program,
                                      {"resume", row->run.uuid, "--store", std::filesystem::absolute(m_options.store)},
                                      logOf(row->run), false);
        if (!child) return child.error();
        m_children[*child] = *next;
        m_lookedAt = 0;
        m_say("begun: " + labelOf(row->run));
        return true;
    }

    Result<void> noticeEnds()
    {
        for (auto each = m_children.begin(); each != m_children.end();) {
            const auto end = endOf(each->first);
            if (!end) {
                ++each;
                continue;
            }
            const std::int64_t run = each->second;
            each = m_children.erase(each);
            m_lookedAt = 0;
            if (auto judged = judge(run, *end); !judged) return judged;
        }
        return {};
    }

    /// What became of a run whose process ended.
    Result<void> judge(std::int64_t run, const ChildEnd& end)
    {
        const auto queue = m_queue.state();
        if (!queue) return queue.error();
        const store::QueueRow* row = store::findRow(*queue, run);
        if (!row) return {}; // removed from the queue in the meantime
        const std::string label = labelOf(row->run);
        if (row->run.state == store::RunState::Finished) {
            ++m_outcome.finished;
            m_say("finished: " + label);
        } else if (row->run.state == store::RunState::Queued) {
            return neverBegan(*row, end);
        } else {
            if (row->run.state == store::RunState::Failed) ++m_outcome.failed;
            if (end.signal != 0) noteSignal(row->run, end.signal);
            m_say(std::string(store::nameOf(row->run.state)) + ": " + label +
                  (row->run.failure.empty() ? "" : ": " + visible(row->run.failure, 400)));
        }
        return {};
    }

    /// A process that was killed cannot say so itself; its log is where people look.
    void noteSignal(const store::RunRow& run, int signal) const
    {
        std::ofstream(logOf(run), std::ios::app) << "The process was ended by signal " << signal << ".\n";
    }

    /// The process ended before it claimed its run. Tried again where somebody killed it, for what it said it is not.
    Result<void> neverBegan(const store::QueueRow& row, const ChildEnd& end)
    {
        if (end.signal == 0 && end.exitCode == exitCode(ErrorKind::Stopped)) return {};
        if (end.signal != 0 && row.attempts < store::kMostAttempts) return {};
        std::string cause = lastLine(logOf(row.run));
        if (cause.empty() || end.signal != 0)
            cause = "Its process ended before the run began (" +
                    (end.signal != 0 ? "signal " + std::to_string(end.signal)
                                     : "exit code " + std::to_string(end.exitCode)) +
                    "); its log is " + logOf(row.run).string() + ".";
        ++m_outcome.failed;
        m_say("failed: " + labelOf(row.run) + ": " + cause);
        return m_queue.giveUp(row.run.id, cause);
    }

    Result<void> stopChildren()
    {
        for (const auto& [child, run] : m_children)
            ::kill(child, SIGTERM);
        if (!m_children.empty()) m_say("stopping: " + std::to_string(m_children.size()) + " runs make checkpoints");
        while (!m_children.empty()) {
            for (auto each = m_children.begin(); each != m_children.end();) {
                if (!endOf(each->first)) {
                    ++each;
                    continue;
                }
                const std::int64_t run = each->second;
                each = m_children.erase(each);
                if (auto given = m_queue.giveBack(run); !given) return given;
            }
            std::this_thread::sleep_for(kPause);
        }
        return {};
    }

    std::filesystem::path logOf(const store::RunRow& run) const { return m_logs / (run.uuid + ".log"); }

    const QueueWorkerOptions& m_options;
    store::RunQueue& m_queue;
    const StopFlag& m_stop;
    const std::function<void(const std::string&)>& m_say;
    const int m_cores;
    const std::filesystem::path m_logs;
    std::map<pid_t, std::int64_t> m_children; ///< process -> run
    store::DeviceSlots m_slots;
    std::int64_t m_seenVersion = -1;
    double m_lookedAt = 0;
    QueueOutcome m_outcome;
};

} // namespace

Result<QueueOutcome> workQueue(const QueueWorkerOptions& options, const StopFlag& stop,
                               const std::function<void(const std::string&)>& say)
{
    auto queue = store::RunQueue::open(options.store);
    if (!queue) return queue.error();
    Worker worker(options, *queue, stop, say);
    for (bool first = true;; first = false) {
        {
            const auto lock = store::StoreLock::tryTake(options.store, store::StorePurpose::Queue);
            if (!lock) {
                QueueOutcome outcome = worker.outcome();
                outcome.elsewhere = first;
                return outcome;
            }
            if (auto done = worker.work(); !done) return done.error();
        }
        // Somebody may have added a run, and found the lock held, after this worker had looked for the last time.
        const auto left = queue->state();
        if (!left) return left.error();
        if (stop.requested() || !store::hasWork(*left)) return worker.outcome();
    }
}

Result<void> startQueueWorker(const QueueWorkerOptions& options)
{
    const std::filesystem::path store = std::filesystem::absolute(options.store);
    const std::filesystem::path logs = store.parent_path() / "logs";
    if (auto made = makeFolder(logs); !made) return made;
    std::vector<std::string> arguments{"queue", "work", "--store", store};
    if (options.cores > 0) arguments.insert(arguments.end(), {"--cores", std::to_string(options.cores)});
    const auto child = startChild(options.program, arguments, logs / "queue.log", true);
    if (!child) return child.error();
    return {};
}

std::filesystem::path thisProgram()
{
    return std::filesystem::read_symlink("/proc/self/exe");
}

} // namespace gradus::run
