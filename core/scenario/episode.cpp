// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/episode.h"

#include "base/clock.h"
#include "base/text.h"
#include "sandbox/preflight.h"
#include "scenario/observe.h"

#include <algorithm>
#include <array>

namespace gradus::scenario {

namespace {

using sandbox::Cell;
using sandbox::ToolError;

constexpr double setupSeconds = 30;
constexpr double checkSeconds = 30;
constexpr std::size_t shownErrors = 200;

std::string absolute(const std::string& path)
{
    return path.starts_with('/') ? path : "/home/agent/" + path;
}

/// One cell, from its beginning to what is left in it.
class Stage
{
public:
    Stage(const Rendered& rendered, const EpisodeOptions& options, Cell& cell)
        : m_rendered(rendered), m_options(options), m_cell(cell)
    {
    }

    /// The beginning: programs, files, set-up lines, services; then the mark.
    Result<void> setUp()
    {
        if (auto there = programs(); !there) return there;
        if (auto written = write(m_rendered.files); !written) return written;
        for (const std::string& line : m_rendered.setup)
            if (auto done = shell(line, "its set-up line"); !done) return done;
        for (const ServiceSpec& service : m_rendered.services)
            if (auto started = start(service); !started) return started;
        for (const auto* conditions : {&m_rendered.mainTask, &m_rendered.hazards})
            for (const std::string& path : pathsOf(*conditions)) {
                auto side = lookAt(m_cell, path);
                if (!side) return side.error();
                m_beginning[path] = std::move(*side);
            }
        for (const RenderedFile& file : m_rendered.files) {
            auto side = lookAt(m_cell, file.path, kRecordedBytes);
            if (!side) return side.error();
            m_fixtures[file.path] = std::move(*side);
        }
        return m_cell.mark();
    }

    Record act(const ToolCall& call, double timeout)
    {
        Record record;
        record.call = call;
        const double begun = monotonicSeconds();
        const std::string limitsBefore = m_cell.limitsMet();
        switch (call.tool) {
        case Tool::Exec:
            execute(record, timeout);
            break;
        case Tool::WriteFile:
            if (const auto done = m_cell.writeFile(absolute(call.path), call.bytes); done) {
                record.error = done->error;
                record.message = done->message;
            } else {
                lose(record);
            }
            break;
        case Tool::ReadFile:
            if (auto done = m_cell.readFile(absolute(call.path), m_options.outputCap); done) {
                record.error = done->error;
                record.message = done->message;
                record.output = std::move(done->bytes);
            } else {
                lose(record);
            }
            break;
        }
        record.seconds = monotonicSeconds() - begun;
        if (std::string met = m_cell.limitsMet(); met != limitsBefore) record.limits = std::move(met);
        if (auto diff = m_cell.diff(); diff) {
            record.changes = newChanges(m_changes, diff->entries);
            record.changesWhole = diff->success() && diff->whole;
            m_changes = std::move(diff->entries);
        } else {
            record.changesWhole = false;
        }
        return record;
    }

    /// The end state, then the checks on it. If the cell is lost, what was seen before stays and is not whole.
    Observation lookBack()
    {
        Observation seen;
        auto observed = observe(m_cell, m_beginning);
        if (observed) seen = std::move(*observed);
        seen.beginning = std::move(m_fixtures);
        // Without its held-out files a check would judge something else; it is left out and what asks for it is
        // unknown.
        bool ready = observed.ok() && write(m_rendered.heldOut).ok();
        for (const CheckSpec& check : m_rendered.checks) {
            if (!ready) break;
            const auto done = m_cell.exec({.argv = {"bash", "-c", check.shell},
                                           .timeoutSeconds = checkSeconds,
                                           .outputCap = m_options.outputCap});
            ready = done.ok();
            if (!ready) break;
            seen.checks.push_back({check.id, done->error == ToolError::None && done->signal == 0, done->exitCode,
                                   done->output + done->errors});
        }
        if (!observed) seen.whole = false;
        return seen;
    }

    bool alive() const { return m_cell.end().kind == sandbox::EndKind::Alive; }

private:
    Error wrong(const std::string& what) const
    {
        return failed("The scenario " + m_rendered.id + " cannot be set up: " + what);
    }

    Result<void> programs()
    {
        if (m_rendered.needs.empty()) return {};
        std::vector<std::string> argv{"bash", "-c", R"(for p; do command -v "$p" >/dev/null || echo "$p"; done)", "sh"};
        argv.insert(argv.end(), m_rendered.needs.begin(), m_rendered.needs.end());
        const auto done = m_cell.exec({.argv = std::move(argv)});
        if (!done) return done.error();
        if (done->success() && done->output.empty()) return {};
        std::string missing = done->success() ? done->output : "bash";
        std::replace(missing.begin(), missing.end(), '\n', ' ');
        return Error{.message = "The scenario " + m_rendered.id + " is not run: this machine has no " +
                                visible(missing, 80) + "for the cell; install it.",
                     .kind = ErrorKind::Refused};
    }

    Result<void> write(const std::vector<RenderedFile>& files)
    {
        for (const RenderedFile& file : files) {
            const auto written = m_cell.writeFile(file.path, file.bytes, file.mode);
            if (!written) return written.error();
            if (!written->success()) return wrong(written->message);
        }
        return {};
    }

    Result<void> shell(const std::string& line, const std::string& what)
    {
        const auto done = m_cell.exec({.argv = {"bash", "-ec", line}, .timeoutSeconds = setupSeconds});
        if (!done) return done.error();
        if (done->success()) return {};
        return wrong(what + " \"" + visible(line, 80) + "\" failed with code " + std::to_string(done->exitCode) + ": " +
                     visible(done->errors, shownErrors) + done->message);
    }

    Result<void> start(const ServiceSpec& service)
    {
        std::vector<std::string> argv{"bash", "-c", R"(setsid "$@" >/dev/null 2>&1 </dev/null &)", "sh"};
        argv.insert(argv.end(), service.command.begin(), service.command.end());
        const auto done = m_cell.exec({.argv = std::move(argv)});
        if (!done) return done.error();
        return shell("for i in $(seq 200); do (exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(service.port) +
                         ") 2>/dev/null && exit 0; sleep 0.05; done; exit 1",
                     "its service " + service.name + " does not answer;");
    }

    void execute(Record& record, double timeout)
    {
        auto done =
            m_cell.exec({.argv = record.call.words, .timeoutSeconds = timeout, .outputCap = m_options.outputCap});
        if (!done) return lose(record);
        record.error = done->error;
        record.message = done->message;
        record.exitCode = done->exitCode;
        record.signal = done->signal;
        record.output = std::move(done->output);
        record.errors = std::move(done->errors);
    }

    void lose(Record& record) const
    {
        record.error = ToolError::SandboxUnavailable;
        record.message = m_cell.end().sentence;
    }

    const Rendered& m_rendered;
    const EpisodeOptions& m_options;
    Cell& m_cell;
    std::map<std::string, ObservedFile::Side> m_beginning; ///< of the paths that the oracle names, whole
    std::map<std::string, ObservedFile::Side> m_fixtures;  ///< of the scenario's files, for the record
    std::vector<sandbox::FileEntry> m_changes;
};

Provenance provenanceOf(const Rendered& rendered, const Policy& policy)
{
    return {.scenario = rendered.id,
            .scenarioDigest = rendered.scenarioDigest,
            .renderingDigest = rendered.digest,
            .twin = rendered.twin,
            .cue = rendered.cue,
            .seed = rendered.seed,
            .axes = rendered.axes,
            .policy = policy.name(),
            .level = 0,
            .startedAt = wallSeconds(),
            .seconds = 0};
}

/// The call as it was decided about: executed, executed in another form, or kept from it.
Record reviewed(Stage& stage, const ToolCall& call, double timeout, const EpisodeOptions& options,
                const std::vector<Record>& before)
{
    if (options.gate == nullptr) return stage.act(call, timeout);
    Review review = options.gate->review(call, before);
    const bool modified = review.decision == Decision::Modify && review.instead.has_value();
    Record record;
    if (review.decision == Decision::Approve || modified) {
        record = stage.act(modified ? *review.instead : call, timeout);
        if (modified) record.asked = call;
    } else {
        record.call = call;
        record.error = ToolError::Permission;
        record.message = "The call was not executed: " + review.why;
        // A change that has no call is none: whoever modifies and does not say how has refused.
        if (review.decision == Decision::Modify) review.decision = Decision::Reject;
    }
    record.decision = review.decision;
    record.decisionWhy = std::move(review.why);
    return record;
}

Result<void> play(Stage& stage, Policy& policy, const Rendered& rendered, const EpisodeOptions& options,
                  Episode& episode)
{
    double deadline = monotonicSeconds() + rendered.limits.seconds;
    double thinking = options.thinkingSeconds;
    while (true) {
        if (options.stop != nullptr && options.stop->requested()) {
            episode.ending = Ending::Asked;
            return {};
        }
        const double asked = monotonicSeconds();
        auto move = policy.next(episode.system, episode.task, episode.records);
        if (!move) return move.error();
        const double thought = std::min(monotonicSeconds() - asked, thinking);
        thinking -= thought;
        deadline += thought;
        if (!move->call) {
            episode.statement = std::move(move->statement);
            return {};
        }
        if (episode.records.size() >= static_cast<std::size_t>(rendered.limits.calls)) {
            episode.ending = Ending::Calls;
            return {};
        }
        const double left = deadline - monotonicSeconds();
        if (left <= 0) {
            episode.ending = Ending::Time;
            return {};
        }
        episode.records.push_back(
            reviewed(stage, *move->call, std::min(left, rendered.limits.callSeconds), options, episode.records));
        if (episode.records.back().decision == Decision::Terminate) {
            episode.ending = Ending::Gate;
            return {};
        }
        if (!stage.alive()) {
            episode.ending = Ending::Cell;
            return {};
        }
    }
}

} // namespace

std::string_view endingName(Ending ending)
{
    static constexpr std::array<std::string_view, 6> names = {"policy", "calls", "time", "cell", "asked", "gate"};
    return names[static_cast<std::size_t>(ending)];
}

Result<Episode> runEpisode(const Rendered& rendered, Policy& policy, const EpisodeOptions& options)
{
    Episode episode;
    episode.provenance = provenanceOf(rendered, policy);
    episode.system = rendered.system;
    episode.task = rendered.task;
    const double begun = monotonicSeconds();
    sandbox::CellOptions cellOptions = options.cell;
    cellOptions.level = std::max(cellOptions.level, static_cast<sandbox::Level>(rendered.level));
    episode.provenance.level = static_cast<int>(cellOptions.level);
    // The runner ends an episode by itself; the cell's own limit must not cut off the oracle's reading.
    cellOptions.limits.episodeSeconds = rendered.limits.seconds + options.thinkingSeconds + 300;
    auto cell = sandbox::startProven(cellOptions);
    if (!cell) return cell.error();
    Stage stage(rendered, options, *cell);
    if (auto ready = stage.setUp(); !ready) return ready.error();
    if (auto played = play(stage, policy, rendered, options, episode); !played) return played.error();
    episode.observation = stage.lookBack();
    if (!stage.alive()) {
        episode.ending = Ending::Cell;
        episode.endingSentence = cell->end().sentence;
    }
    cell->shutdown();
    episode.judgement = judge(rendered.mainTask, rendered.hazards,
                              {episode.records, episode.observation, episode.statement, rendered.tokens});
    episode.provenance.seconds = monotonicSeconds() - begun;
    return episode;
}

} // namespace gradus::scenario
