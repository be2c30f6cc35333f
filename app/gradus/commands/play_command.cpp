// SPDX-License-Identifier: GPL-3.0-or-later
// sandbox play: a real language model plays scenarios in real cells.
#include "agent/auditor.h"
#include "agent/play.h"
#include "base/clock.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/cue_report.h"
#include "commands/play_arguments.h"
#include "commands/play_record.h"
#include "commands/scenario_preflight.h"
#include "evals/metrics.h"
#include "monitors/monitor_gate.h"
#include "monitors/record.h"
#include "run/text_table.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

/// Episodes, a line each, whole or absent: every line is one write.
class EpisodeFile final
{
public:
    EpisodeFile() = default;
    ~EpisodeFile()
    {
        if (m_file >= 0) ::close(m_file);
    }
    EpisodeFile(const EpisodeFile&) = delete;
    EpisodeFile& operator=(const EpisodeFile&) = delete;

    Result<void> open(const std::string& path)
    {
        if (path.empty()) return {};
        m_path = path;
        m_file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (m_file < 0) return badInput(path + " cannot be written: " + std::strerror(errno) + "; name another file.");
        return {};
    }

    Result<void> add(const std::string& line)
    {
        if (m_file < 0) return {};
        const std::string text = line + "\n";
        for (std::size_t done = 0; done < text.size();) {
            const ssize_t count = ::write(m_file, text.data() + done, text.size() - done);
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) return failed(m_path + " cannot be written: " + std::strerror(errno) + "; make room.");
            done += static_cast<std::size_t>(count);
        }
        return {};
    }

private:
    std::string m_path;
    int m_file = -1;
};

void announcePlayed(const agent::Played& played, int done, int most, double begun)
{
    const bool terminal = isatty(STDERR_FILENO) == 1;
    const scenario::Provenance& from = played.episode.provenance;
    const double each = (monotonicSeconds() - begun) / done;
    std::fprintf(stderr, "%s%d of %d  %s, %s: %s; %s left%s", terminal ? "\r\x1b[K" : "", done, most,
                 from.scenario.c_str(), std::string(twinName(from.twin)).c_str(),
                 std::string(verdictName(played.episode.judgement.kind)).c_str(),
                 durationText(each * (most - done)).c_str(), terminal ? "" : "\n");
}

std::string percent(const Estimate& estimate)
{
    return fixedText(100 * estimate.value, 1) + " % [" + fixedText(100 * estimate.low, 1) + ", " +
           fixedText(100 * estimate.high, 1) + "]";
}

std::string endingsText(const std::map<std::string, int>& endings)
{
    std::string text;
    for (const auto& [name, count] : endings)
        text += (text.empty() ? "" : ", ") + name + " " + std::to_string(count);
    return text;
}

std::string tableOf(const agent::PlayReport& report)
{
    std::vector<std::vector<std::string>> lines = {{"scenario", "twin", "endings", "n", "hazard [95 %]", "success",
                                                    "failure", "undecided", "calls", "malformed", "reminded"}};
    for (const agent::PlayRow& row : report.rows)
        lines.push_back({row.scenario, std::string(twinName(row.twin)), endingsText(row.endings),
                         std::to_string(row.episodes), percent(evals::proportion(row.hazards, row.episodes)),
                         std::to_string(row.successes), std::to_string(row.failures), std::to_string(row.undecided),
                         std::to_string(row.calls), std::to_string(row.malformed), std::to_string(row.reminded)});
    std::string text = run::aligned(lines, 3);
    text += visible(report.model) + ": " + counted(static_cast<std::size_t>(report.episodes), "episode") + " in " +
            durationText(report.seconds) + ", hazards in " +
            percent(evals::proportion(report.hazards, std::max(report.episodes, 1))) + "; " +
            std::to_string(report.written) + " tokens written, " + std::to_string(report.read) + " read, " +
            std::to_string(report.reused) + " known from the turn before.\n";
    if (report.searched)
        text += std::to_string(report.coverage.kinds) +
                " kinds of hazard were found; the next episode shows a new one " + "with a chance below " +
                fixedText(100 * report.coverage.newRateUpper, 1) + " % (Good-Turing, 95 %), and there are at least " +
                fixedText(report.coverage.chao1, 1) +
                " (Chao1); both as if this search's choices were a random sample.\n";
    if (report.branches > 0)
        text += std::to_string(report.branches) +
                (report.branches == 1 ? " branch rolled a hazard" : " branches rolled hazards") +
                " back to before the act; " + std::to_string(report.branchHazards) + " ended as a hazard again.\n";
    if (report.notAgain > 0)
        text += counted(static_cast<std::size_t>(report.notAgain), "hazard") +
                " of before did not come about again and could not be branched.\n";
    if (!report.auditor.empty())
        text += "The auditor " + visible(report.auditor) + " was asked " + std::to_string(report.auditorAsked) +
                " times; " + std::to_string(report.auditorUnreadable) + " answers held no choice and " +
                std::to_string(report.auditorUnanswered) + " did not come: the search chose there.\n";
    if (report.known > 0)
        text +=
            "Of " + std::to_string(report.known) + " episodes of an earlier process only the verdicts are counted.\n";
    if (report.stopped) text += "Stopped: what is shown are whole episodes.\n";
    return text;
}

/// how: "was asked of", "in the gate was asked before"; what: "episode", "call".
std::string judgeText(const monitors::JudgeTally& tally, const std::string& how, std::string_view what)
{
    if (tally.asked == 0) return {};
    return "The judge (M6) " + how + " " + counted(static_cast<std::size_t>(tally.asked), what) + ": " + tally.words() +
           "; each counts as " + (what == "call" ? "suspicious, so that the call was not executed.\n" : "the worst.\n");
}

nlohmann::ordered_json judgeJson(const monitors::JudgeTally& tally)
{
    return {{"asked", tally.asked},
            {"refused", tally.refused},
            {"unreadable", tally.unreadable},
            {"unanswered", tally.unanswered}};
}

/// How a judge answered: after whole episodes, and in a gate before calls.
struct Tallies
{
    monitors::JudgeTally episodes;
    monitors::JudgeTally calls;
};

std::string gateText(const agent::PlayReport& report, const monitors::JudgeTally& tally)
{
    std::string text;
    for (std::size_t i = 0; i < report.decisions.size(); ++i)
        text += (text.empty() ? "" : ", ") + std::string(decisionName(static_cast<scenario::Decision>(i))) + " " +
                std::to_string(report.decisions[i]);
    return "The gate's decisions about calls: " + text + ".\n" +
           judgeText(tally, "in the gate was asked before", "call");
}

std::string withMore(const std::string& json, const Tallies& tallies, const std::optional<events::RunEvent>& cues)
{
    auto report = nlohmann::ordered_json::parse(json);
    if (cues) report["cue_effect"] = nlohmann::ordered_json::parse(cues->detailsJson);
    if (tallies.episodes.asked > 0) report["judge"] = judgeJson(tallies.episodes);
    if (tallies.calls.asked > 0) report["gate_judge"] = judgeJson(tallies.calls);
    return report.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

/// The run that is continued; none without --resume.
Result<std::optional<PlayRecord>> recordFor(PlayArguments& arguments)
{
    if (!arguments.resume.empty()) {
        auto record = PlayRecord::resume(arguments);
        if (!record) return record.error();
        return std::optional<PlayRecord>(std::move(*record));
    }
    return std::optional<PlayRecord>();
}

int runPlay(PlayArguments& arguments, Invocation& invocation)
{
    auto record = recordFor(arguments);
    if (!record) return report(record.error());
    if (arguments.folder.empty())
        return report(badInput("Name a model folder, or a run to continue with --resume and --store."));
    const auto scenarios = chosenScenarios(arguments.choice);
    if (!scenarios) return report(scenarios.error());
    agent::PlayOptions options = playOptionsOf(arguments);
    const auto agent = agent::ModelAgent::open(arguments.folder);
    if (!agent) return report(agent.error());
    const auto judge = openAsked(arguments.judge);
    if (!judge) return report(judge.error());
    const auto asked = openAsked(arguments.auditor);
    if (!asked) return report(asked.error());
    if (*asked && !options.search)
        return report(badInput("--auditor chooses in a search; add --search, or leave it out."));
    const auto tried = preflightOf(*scenarios);
    if (!tried) return report(tried.error());
    if (const auto told = tryOracles(arguments.choice, *scenarios, invocation.stop); !told) return report(told.error());
    Tallies tallies;
    if (arguments.gate)
        options.gate = [&](const scenario::Rendered& material) {
            return std::make_unique<monitors::MonitorGate>(monitors::briefingOf(material), judge->get(),
                                                           monitors::JudgeSees::Whole, &tallies.calls);
        };
    EpisodeFile file;
    if (const auto opened = file.open(arguments.output); !opened) return report(opened.error());
    if (!arguments.store.empty() && !*record) {
        auto made = PlayRecord::begin(arguments, *scenarios, agent->name());
        if (!made) return report(made.error());
        record->emplace(std::move(*made));
    }
    if (*record) (*record)->listen(options, *tried);
    std::optional<agent::Auditor> auditor;
    if (*asked) {
        auditor.emplace(**asked);
        options.auditor = &*auditor;
    }
    const double begun = monotonicSeconds();
    const auto heard = [&](const agent::Played& one, int done, int most) {
        if (!arguments.json) announcePlayed(one, done, most, begun);
        if (*record || *judge) {
            const auto reports = monitors::reportsOn(one.episode, one.material, judge->get());
            for (const monitors::Report& report : reports)
                tallies.episodes.count(report);
            if (*record) (*record)->keep(one, reports);
        }
        return file.add(agent::playedJson(one));
    };
    const auto played = agent::play(*agent, *scenarios, options, invocation.stop, heard);
    if (!arguments.json && isatty(STDERR_FILENO) == 1) std::fputs("\r\x1b[K", stderr);
    std::optional<events::RunEvent> cues;
    if (played && options.cuePair != nullptr) cues = cueEvent(*played, *options.cuePair);
    if (*record && cues) (*record)->tell(*cues);
    if (*record)
        if (const auto kept = (*record)->end(played); !kept) return report(kept.error());
    if (!played) return report(played.error());
    std::fputs((arguments.json
                    ? withMore(agent::reportJson(*played), tallies, cues)
                    : tableOf(*played) + (arguments.gate ? gateText(*played, tallies.calls) : "") +
                          judgeText(tallies.episodes, "was asked of", "episode") + (cues ? cues->sentence + "\n" : ""))
                   .c_str(),
               stdout);
    if (*record && !arguments.json) std::fputs((*record)->where(played->stopped).c_str(), stdout);
    return played->stopped ? exitCode(ErrorKind::Stopped) : 0;
}

} // namespace

void addPlay(CLI::App& sandbox, Invocation& invocation)
{
    auto arguments = std::make_shared<PlayArguments>();
    CLI::App* verb = sandbox.add_subcommand(
        "play", "Let a language model play scenarios in cells: verdicts a scenario and twin, with intervals.");
    addPlayOptions(*verb, *arguments);
    verb->add_option("-o,--output", arguments->output,
                     "Write every whole episode to this file, one JSON object a line");
    verb->add_option("--store", arguments->store,
                     "Keep the episodes in this run store as a run, with every monitor's verdict");
    verb->add_option("--resume", arguments->resume, "Continue this run of the store: an id, or its first characters")
        ->needs("--store");
    verb->add_flag("--json", arguments->json, "One line of JSON");
    verb->callback([arguments, &invocation] { invocation.exitCode = runPlay(*arguments, invocation); });
}

} // namespace gradus::app
