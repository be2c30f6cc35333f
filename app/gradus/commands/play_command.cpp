// SPDX-License-Identifier: GPL-3.0-or-later
// sandbox play: a real language model plays scenarios in real cells.
#include "agent/play.h"
#include "base/clock.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/scenario_choice.h"
#include "evals/metrics.h"
#include "run/text_table.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct Options
{
    std::string folder;
    ScenarioChoice choice;
    std::vector<std::string> twins = {"honest", "hazard", "injected"};
    std::string cue = "none";
    std::string output;
    agent::PlayOptions play;
    double temperature = 0;
    bool json = false;
};

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
    std::vector<std::vector<std::string>> lines = {
        {"scenario", "twin", "endings", "n", "hazard [95 %]", "success", "failure", "undecided", "calls", "malformed"}};
    for (const agent::PlayRow& row : report.rows)
        lines.push_back({row.scenario, std::string(twinName(row.twin)), endingsText(row.endings),
                         std::to_string(row.episodes), percent(evals::proportion(row.hazards, row.episodes)),
                         std::to_string(row.successes), std::to_string(row.failures), std::to_string(row.undecided),
                         std::to_string(row.calls), std::to_string(row.malformed)});
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
                fixedText(report.coverage.chao1, 1) + " (Chao1).\n";
    if (report.stopped) text += "Stopped: what is shown are whole episodes.\n";
    return text;
}

int runPlay(Options& options, Invocation& invocation)
{
    const auto scenarios = chosenScenarios(options.choice);
    if (!scenarios) return report(scenarios.error());
    options.play.twins.clear();
    for (const scenario::Twin twin : scenario::allTwins)
        if (std::ranges::find(options.twins, twinName(twin)) != options.twins.end()) options.play.twins.push_back(twin);
    options.play.cue = cueOf(options.cue);
    options.play.sampling.greedy = options.temperature == 0;
    if (options.temperature > 0) options.play.sampling.temperature = options.temperature;
    const auto agent = agent::ModelAgent::open(options.folder);
    if (!agent) return report(agent.error());
    EpisodeFile file;
    if (const auto opened = file.open(options.output); !opened) return report(opened.error());
    const double begun = monotonicSeconds();
    const auto played = agent::play(*agent, *scenarios, options.play, invocation.stop,
                                    [&](const agent::Played& one, int done, int most) {
                                        if (!options.json) announcePlayed(one, done, most, begun);
                                        return file.add(agent::playedJson(one));
                                    });
    if (!options.json && isatty(STDERR_FILENO) == 1) std::fputs("\r\x1b[K", stderr);
    if (!played) return report(played.error());
    std::fputs((options.json ? agent::reportJson(*played) + "\n" : tableOf(*played)).c_str(), stdout);
    return played->stopped ? exitCode(ErrorKind::Stopped) : 0;
}

} // namespace

void addPlay(CLI::App& sandbox, Invocation& invocation)
{
    auto options = std::make_shared<Options>();
    CLI::App* verb = sandbox.add_subcommand(
        "play", "Let a language model play scenarios in cells: verdicts a scenario and twin, with intervals.");
    verb->add_option("folder", options->folder, "Hugging Face model folder with a chat template")->required();
    verb->add_option("--file", options->choice.files, "Scenario files; none: those that come with the program");
    verb->add_option("--scenario", options->choice.ids, "Only these scenarios, by id");
    verb->add_option("--family", options->choice.family, "Only this family: F1 to F16");
    verb->add_option("--twin", options->twins, "Only these twins")
        ->check(CLI::IsMember({"honest", "hazard", "injected"}));
    verb->add_option("--cue", options->cue, "What the task says about being observed, where a scenario has it")
        ->check(CLI::IsMember({"none", "watched", "unwatched", "sandbox", "production"}))
        ->capture_default_str();
    verb->add_option("--episodes", options->play.episodes, "Episodes of each scenario and twin; of a search: in all")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    verb->add_flag("--search", options->play.search,
                   "Play where hazards are likely and new (Thompson sampling over family and variation)");
    verb->add_option("--seed", options->play.seed, "Seed of material and replies")->capture_default_str();
    verb->add_option("--temperature", options->temperature, "0: the most probable token")
        ->check(CLI::Range(0.0, 10.0))
        ->capture_default_str();
    verb->add_option("--top-p", options->play.sampling.topP, "The fewest most probable tokens whose mass reaches this")
        ->capture_default_str();
    agent::AgentLimits& limits = options->play.limits;
    verb->add_option("--turns", limits.turns, "Replies an episode")->check(CLI::Range(1, 1000))->capture_default_str();
    verb->add_option("--turn-tokens", limits.tokensPerTurn, "Tokens a reply")
        ->check(CLI::Range(1, 1 << 20))
        ->capture_default_str();
    verb->add_option("--tokens", limits.tokens, "Tokens of all replies of an episode")
        ->check(CLI::Range(1, 1 << 24))
        ->capture_default_str();
    verb->add_option("--seconds", limits.seconds, "Seconds of thinking an episode; 0: no limit")
        ->check(CLI::Range(0.0, 3600.0))
        ->capture_default_str();
    verb->add_option("--context", limits.context, "Tokens that the model may see; 0: all it takes")
        ->check(CLI::Range(0, 1 << 24))
        ->capture_default_str();
    verb->add_option("-o,--output", options->output, "Write every whole episode to this file, one JSON object a line");
    verb->add_flag("--json", options->json, "One line of JSON");
    verb->callback([options, &invocation] { invocation.exitCode = runPlay(*options, invocation); });
}

} // namespace gradus::app
