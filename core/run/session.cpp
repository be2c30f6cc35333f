// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/session.h"

#include "base/files.h"
#include "engine/device.h"
#include "engine/tuning.h"
#include "events/alert_events.h"
#include "events/run_commands.h"
#include "pipeline/command_desk.h"
#include "pipeline/procedure.h"
#include "pipeline/scenario_choice.h"
#include "run/alert_desk.h"
#include "run/branch.h"
#include "run/debate_standing.h"
#include "run/episode_run.h"
#include "run/run_origin.h"
#include "run/slots.h"
#include "run/tee_sink.h"
#include "run/workbench.h"
#include "spec/stored.h"
#include "store/device_slots.h"
#include "store/store_reader.h"
#include "store/store_writer.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <thread>

namespace gradus::run {

namespace {

/// One run that is to be worked on.
struct Job
{
    std::int64_t id = 0;
    std::string uuid;
    spec::RunSpec spec;
    pipeline::Past past;
    std::string label;
    StopFlag stop;
    std::string ofOld;                     ///< what an earlier version took differently of its file; or empty
    std::vector<spec::AlertRule> rules;    ///< of its file, or as they were changed since
    std::string toldRules;                 ///< lines of those that its history has
    std::mutex mutex;                      ///< guards the two below
    pipeline::CommandDesk* desk = nullptr; ///< while a thread works on the run
    AlertDesk* alerts = nullptr;           ///< while a thread works on the run
};

std::string labelOf(const spec::RunSpec& run)
{
    return (run.condition.empty() ? "" : run.condition + ", ") + "seed " + std::to_string(run.seed);
}

pipeline::Past pastOf(const store::ResumePoint& point)
{
    pipeline::Past past{.finished = point.generations};
    for (const store::PointRow& row : point.utility)
        past.utility[row.step] = row.value;
    for (const store::EventRow& event : point.events) {
        readLineage(event, past);
        // Measured because somebody asked: an undisturbed run would not know of it.
        if (event.kind == events::kCommandDone)
            if (const auto note = events::commandOf(event.detailsJson); note && note->isExtraPoint)
                past.utility.erase(event.step);
        if (event.kind == pipeline::kAttemptEvent)
            if (auto entry = pipeline::fromJournal(event.detailsJson)) past.attempts.push_back(std::move(*entry));
    }
    return past;
}

/// The newest rules that its history tells of, else those of its file.
void setRules(Job& job, const store::ResumePoint& point, const std::string& sourceToml)
{
    job.rules = spec::alertRulesOf(sourceToml);
    for (const store::EventRow& event : point.events) {
        if (event.kind != events::kAlertRulesEvent) continue;
        const auto lines = events::alertLinesOf(event.detailsJson);
        if (auto rules = lines ? spec::alertRulesFromLines(*lines) : Result<std::vector<spec::AlertRule>>(badInput({}));
            rules) {
            job.rules = std::move(*rules);
            job.toldRules = *lines;
        }
    }
}

/// What today's version would refuse in a new file, and what the run goes on with, as it began; empty where nothing is.
std::string ofOldVersion(const spec::Experiment& experiment, const data::Task& task)
{
    std::string sentence;
    for (const std::string& key : spec::keysLeftAside(experiment))
        sentence += (sentence.empty() ? "" : ", ") + key;
    if (!sentence.empty())
        sentence = "procedure = \"" + experiment.experiment.procedure + "\" reads nothing of " + sentence +
                   ": an earlier version took that and left it aside, and so does this run.";
    if (const auto enough = task.admits(experiment); !enough)
        sentence += std::string(sentence.empty() ? "" : " ") +
                    "An earlier version took all rows there are, and so does this run: " + enough.error().message;
    return sentence;
}

/// What other runs of the store have to tell the controllers that price a refusal.
void askTheStore(const std::filesystem::path& store, std::vector<std::unique_ptr<Job>>& jobs)
{
    std::map<std::string, std::optional<Estimate>> judges; // by task
    for (const auto& job : jobs) {
        const spec::Experiment& experiment = job->spec.experiment;
        if (experiment.gap.controller != "adaptive") continue;
        const auto [known, isNew] = judges.try_emplace(experiment.task.name);
        if (isNew)
            if (const auto reader = store::StoreReader::open(store))
                known->second = judgeOfDebates(*reader, experiment.task.name);
        job->past.debate = known->second;
    }
}

/// Works through jobs with a few threads; a ticker carries stop requests and stored commands to them.
class Crew final
{
public:
    Crew(store::StoreWriter& writer, const Workbench& bench, const std::filesystem::path& folder, Console& console,
         const StopFlag& stop)
        : m_writer(writer), m_bench(bench), m_folder(folder), m_console(console), m_stop(stop)
    {
    }

    SessionOutcome work(std::vector<std::unique_ptr<Job>>& jobs, int threads)
    {
        std::vector<std::string> devices;
        for (const auto& job : jobs)
            devices.push_back(store::exclusiveDevice(job->spec.experiment));
        JobOrder order(std::move(devices));
        std::atomic<bool> done{false};
        std::thread ticker([&] { tick(jobs, done); });
        std::vector<std::thread> workers;
        for (int i = 0; i < threads; ++i)
            workers.emplace_back([&] {
                while (const auto index = order.take()) {
                    if (!m_stop.requested()) runOne(*jobs[*index]);
                    order.ended(*index);
                }
            });
        for (std::thread& worker : workers)
            worker.join();
        done = true;
        ticker.join();
        for (const auto& job : jobs)
            m_outcome.runs.push_back(job->id);
        // Jobs that no thread began stay queued in the store: they count as stopped here.
        m_outcome.stopped = static_cast<int>(jobs.size()) - m_outcome.finished - m_outcome.failed;
        return m_outcome;
    }

private:
    void tick(std::vector<std::unique_ptr<Job>>& jobs, const std::atomic<bool>& done)
    {
        while (!done) {
            for (const auto& job : jobs) {
                if (m_stop.requested()) job->stop.request();
                const std::lock_guard lock(job->mutex);
                if (job->desk == nullptr) continue;
                job->alerts->tick(job->desk->isHeld());
                const auto commands = m_writer.takeCommands(job->id);
                if (!commands) continue; // the writer's own error reaches the run through settle()
                for (const store::CommandRow& command : *commands)
                    job->desk->post({.id = command.id, .verb = command.verb, .payload = command.payload});
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
    }

    void runOne(Job& job)
    {
        events::EventSink& terminal = m_console.add(job.uuid, job.label);
        if (const auto claimed = m_writer.claim(job.id); !claimed) return notOurs(job, claimed.error());
        engine::useThreads(job.spec.experiment.compute.threads);
        engine::useDevice(job.spec.experiment.compute.device);
        TeeSink heard(m_writer.sink(job.id), terminal);
        heard.event(events::originEvent(originHere(job.spec.experiment.compute.device)));
        if (!job.ofOld.empty()) heard.event({.kind = kOldFileEvent, .sentence = job.ofOld, .detailsJson = {}});
        const Workbench::Place& place = m_bench.placeOf(job.spec.experiment);
        if (!place.files.empty()) heard.event(events::dataReadEvent(place.files));
        // A rule's wish goes the way of anybody's: into the history, and from there to the run. Where the store cannot
        // take it, the run ends by that error itself.
        AlertDesk sink(heard, job.rules,
                       [&](std::string_view verb) { (void)m_writer.postCommand(job.id, std::string(verb)); });
        if (const std::string lines = spec::linesOf(job.rules); lines != job.toldRules)
            heard.event(events::alertRulesEvent(lines, "the experiment file", 0, 0));
        pipeline::ProgressMeter meter(sink, job.spec.experiment.ladder.generations);
        pipeline::CommandDesk desk(sink, meter, job.stop);
        desk.handle(events::kAlertsVerb, [&](const events::CommandNote& command) -> Result<std::string> {
            const auto rules = spec::alertRulesFromLines(command.payload);
            if (!rules) return rules.error();
            sink.setRules(*rules);
            heard.event(events::alertRulesEvent(command.payload, "request " + std::to_string(command.id),
                                                meter.generation(), meter.step()));
            return std::to_string(rules->size()) + " from step " + std::to_string(meter.step()) + " on";
        });
        const pipeline::StageContext context{
            .spec = job.spec,
            .task = *place.task,
            .ladder = *place.ladder,
            .folder = m_folder / "checkpoints" / job.uuid,
            .sink = sink,
            .stop = job.stop,
            .settle = [this] { return m_writer.flush(); },
            .meter = meter,
            .desk = &desk,
        };
        hear(job, &desk, &sink);
        const auto result = pipeline::runProcedure(context, job.past);
        hear(job, nullptr, nullptr);
        desk.close(!result && result.error().kind == ErrorKind::Stopped);
        ended(job, result);
    }

    /// Commands reach this desk from now on; none: nobody.
    static void hear(Job& job, pipeline::CommandDesk* desk, AlertDesk* alerts)
    {
        const std::lock_guard lock(job.mutex);
        job.desk = desk;
        job.alerts = alerts;
    }

    /// Another process works on it, or the store cannot be written: its state is not ours to change.
    void notOurs(const Job& job, const Error& error)
    {
        const std::lock_guard lock(m_mutex);
        m_console.runEnded(job.uuid, "not begun", error.message);
        ++m_outcome.failed;
        if (m_outcome.firstFailure.empty()) m_outcome.firstFailure = error.message;
    }

    /// The last word is said only once the store holds it: who reads "finished" must find it finished after any crash.
    void ended(Job& job, const Result<void>& result)
    {
        const bool stopped = !result && result.error().kind == ErrorKind::Stopped;
        const auto state = result.ok() ? store::RunState::Finished
                           : stopped   ? store::RunState::Stopped
                                       : store::RunState::Failed;
        if (state == store::RunState::Failed)
            m_writer.sink(job.id).event({.kind = kFailureEvent, .sentence = result.error().message, .detailsJson = {}});
        m_writer.setState(job.id, state, state == store::RunState::Failed ? result.error().message : std::string());
        const Result<void> kept = m_writer.flush();
        const std::lock_guard lock(m_mutex);
        if (!kept || state == store::RunState::Failed) {
            const std::string why = kept ? result.error().message : kept.error().message;
            m_console.runEnded(job.uuid, "failed", why);
            ++m_outcome.failed;
            if (m_outcome.firstFailure.empty()) m_outcome.firstFailure = why;
        } else if (stopped) {
            m_console.runEnded(job.uuid, "stopped",
                               "Checkpointed; continue with: gradus resume " + job.uuid.substr(0, 8));
        } else {
            m_console.runEnded(job.uuid, "finished", {});
            ++m_outcome.finished;
        }
    }

    store::StoreWriter& m_writer;
    const Workbench& m_bench;
    std::filesystem::path m_folder;
    Console& m_console;
    const StopFlag& m_stop;
    std::mutex m_mutex; ///< guards m_outcome
    SessionOutcome m_outcome;
};

int jobsFor(const std::vector<std::unique_ptr<Job>>& jobs, const SessionOptions& options)
{
    std::vector<spec::RunSpec> runs;
    for (const auto& job : jobs)
        runs.push_back(job->spec);
    return slotsFor(runs, options.jobs, std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
}

std::filesystem::path folderOf(const std::filesystem::path& store)
{
    return std::filesystem::absolute(store).parent_path();
}

Result<SessionOutcome> finishSession(SessionOutcome outcome, store::StoreWriter& writer)
{
    if (const auto flushed = writer.flush(); !flushed) return flushed.error();
    return outcome;
}

} // namespace

Result<SessionOutcome> runExperiment(const spec::Experiment& experiment, const std::string& sourceToml,
                                     const SessionOptions& options, const StopFlag& stop, Console& console)
{
    const auto runs = spec::expand(experiment);
    if (!runs) return runs.error();
    const std::filesystem::path folder = folderOf(options.store);
    auto bench = Workbench::open(*runs, folder / "models");
    if (!bench) return bench.error();
    if (const auto tried = pipeline::tryScenarioFiles(*runs, stop); !tried) return tried.error();
    if (const auto made = makeFolder(folder); !made) return made.error();
    auto writer = store::StoreWriter::open(options.store);
    if (!writer) return writer.error();
    const auto ids = (*writer)->addRuns(experiment, sourceToml, *runs);
    if (!ids) return ids.error();
    std::vector<std::unique_ptr<Job>> jobs;
    for (std::size_t i = 0; i < runs->size(); ++i) {
        const auto point = (*writer)->resumePoint((*ids)[i]);
        if (!point) return point.error();
        auto job = std::make_unique<Job>();
        job->id = point->runId;
        job->uuid = point->uuid;
        job->spec = (*runs)[i];
        job->label = labelOf(job->spec);
        setRules(*job, *point, sourceToml);
        jobs.push_back(std::move(job));
    }
    for (const std::string& note : bench->notes())
        console.note(note);
    askTheStore(options.store, jobs);
    Crew crew(**writer, *bench, folder, console, stop);
    return finishSession(crew.work(jobs, jobsFor(jobs, options)), **writer);
}

Result<SessionOutcome> resumeRuns(const std::vector<std::string>& names, const SessionOptions& options,
                                  const StopFlag& stop, Console& console)
{
    std::vector<std::int64_t> ids;
    std::map<std::int64_t, std::string> sources; // of the runs, as their author wrote them
    {
        auto reader = store::StoreReader::open(options.store);
        if (!reader) return reader.error();
        for (const std::string& name : names) {
            const auto row = reader->findRun(name);
            if (!row) return row.error();
            if (row->procedure == kPlayProcedure)
                return badInput("Run " + row->uuid.substr(0, 8) +
                                " plays scenarios; continue it with: gradus sandbox play --resume " +
                                row->uuid.substr(0, 8) + " --store " + options.store.string());
            if (row->state == store::RunState::Finished)
                return badInput("Run " + row->uuid.substr(0, 8) + " is finished; there is nothing to resume.");
            auto source = reader->sourceToml(row->id);
            if (!source) return source.error();
            sources[row->id] = std::move(*source);
            ids.push_back(row->id);
        }
    }
    auto writer = store::StoreWriter::open(options.store);
    if (!writer) return writer.error();
    std::vector<std::unique_ptr<Job>> jobs;
    std::vector<spec::RunSpec> specs;
    std::vector<spec::RunSpec> unbegun; // before their first generation: queued ones
    for (const std::int64_t id : ids) {
        const auto point = (*writer)->resumePoint(id);
        if (!point) return point.error();
        const auto experiment = spec::parseStored(point->specToml, "the store's frozen experiment");
        if (!experiment) return experiment.error();
        auto job = std::make_unique<Job>();
        job->id = id;
        job->uuid = point->uuid;
        job->spec = {.condition = point->condition, .seed = point->seed, .experiment = *experiment};
        job->past = pastOf(*point);
        job->label = labelOf(job->spec);
        setRules(*job, *point, sources[id]);
        specs.push_back(job->spec);
        if (point->generations.empty()) unbegun.push_back(job->spec);
        jobs.push_back(std::move(job));
    }
    askTheStore(options.store, jobs);
    const std::filesystem::path folder = folderOf(options.store);
    auto bench = Workbench::openStored(specs, folder / "models");
    if (!bench) return bench.error();
    if (const auto tried = pipeline::tryScenarioFiles(unbegun, stop); !tried) return tried.error();
    for (const auto& job : jobs)
        job->ofOld = ofOldVersion(job->spec.experiment, *bench->placeOf(job->spec.experiment).task);
    Crew crew(**writer, *bench, folder, console, stop);
    return finishSession(crew.work(jobs, jobsFor(jobs, options)), **writer);
}

} // namespace gradus::run
