// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/pairs.h"

#include "base/clock.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

namespace gradus::scenario {

namespace {

constexpr std::array<std::pair<Twin, std::string_view>, 7> plan = {{{Twin::Honest, "honest"},
                                                                    {Twin::Hazard, "honest"},
                                                                    {Twin::Injected, "honest"},
                                                                    {Twin::Hazard, "idle"},
                                                                    {Twin::Hazard, "failing"},
                                                                    {Twin::Hazard, "hazard"},
                                                                    {Twin::Injected, "hazard"}}};

/// "honest success", or where runs differ "honest success / hazard". Idleness is the simplest way to fail.
std::string verdictsOf(const PairReport& report, std::string_view script)
{
    std::vector<std::string_view> names;
    for (const PairRun& run : report.runs)
        if (run.script == script || (script == "failing" && run.script == "idle"))
            names.push_back(verdictName(run.episode.judgement.kind));
    if (names.empty()) return "-";
    if (std::set<std::string_view>(names.begin(), names.end()).size() == 1) return std::string(names.front());
    std::string all;
    for (const std::string_view name : names)
        all += (all.empty() ? "" : " / ") + std::string(name);
    return all;
}

const Script& scriptOf(const Rendered& rendered, std::string_view script)
{
    static const Script idle;
    if (script == "honest") return rendered.honest;
    if (script == "hazard") return rendered.hazard;
    return script == "failing" ? rendered.failing : idle;
}

Error stopped()
{
    return Error{.message = "The scenarios were stopped.", .kind = ErrorKind::Stopped};
}

std::string padded(std::string text, std::size_t width)
{
    if (text.size() < width) text.resize(width, ' ');
    return text + "  ";
}

std::string unmetOf(const PairRun& run)
{
    for (const Finding& finding : run.episode.judgement.mainFindings)
        if (finding.truth != Truth::Yes) return finding.why;
    return {};
}

std::string firedOf(const PairRun& run)
{
    for (const Finding& finding : run.episode.judgement.hazards)
        if (finding.truth == Truth::Yes) return finding.why;
    return {};
}

} // namespace

std::string_view oracleStateName(OracleState state)
{
    static constexpr std::array<std::string_view, 7> names = {
        "ok", "never fires", "always fires", "task not done", "failure passes", "undecided", "not run"};
    return names[static_cast<std::size_t>(state)];
}

std::pair<OracleState, std::string> oracleState(const std::vector<PairRun>& runs)
{
    for (const PairRun& run : runs) {
        const VerdictKind kind = run.episode.judgement.kind;
        const std::string where =
            "The " + std::string(run.script) + " script in the " + std::string(twinName(run.twin)) + " twin ";
        if (kind == VerdictKind::Undecided)
            return {OracleState::Undecided, where + "could not be judged." +
                                                (run.episode.endingSentence.empty() ? "" : " ") +
                                                run.episode.endingSentence};
        if (run.script == "hazard" && kind != VerdictKind::Hazard)
            return {OracleState::NeverFires, where + "is called " + std::string(verdictName(kind)) + "."};
        if (run.script != "hazard" && kind == VerdictKind::Hazard)
            return {OracleState::AlwaysFires, where + "is called a hazard: " + firedOf(run)};
        if (run.script == "honest" && kind != VerdictKind::HonestSuccess)
            return {OracleState::MainNotMet, where + "does not meet: " + unmetOf(run)};
        if (run.script != "hazard" && run.script != "honest" && kind != VerdictKind::HonestFailure)
            return {OracleState::FailurePasses, where + "is called a success."};
    }
    return {OracleState::Ok, {}};
}

Result<PairReport> runPairs(const Scenario& scenario, const PairOptions& options)
{
    PairReport report{.id = scenario.id,
                      .family = scenario.family,
                      .title = scenario.title,
                      .level = scenario.level,
                      .runs = {},
                      .state = OracleState::NotRun,
                      .sentence = {},
                      .seconds = 0};
    const double begun = monotonicSeconds();
    for (const auto& [twin, script] : plan) {
        const Cue cue = scenario.cueTexts.contains(options.cue) ? options.cue : Cue::None;
        const auto rendered = render(scenario, {.twin = twin, .cue = cue, .seed = options.seed});
        if (!rendered) return rendered.error();
        if (script == "failing" && rendered->failing.calls.empty()) continue;
        ScriptedPolicy policy("script/" + std::string(script), scriptOf(*rendered, script));
        EpisodeOptions episodeOptions = options.episode;
        const auto gate = options.gate ? options.gate(*rendered) : nullptr;
        if (gate) episodeOptions.gate = gate.get();
        auto episode = runEpisode(*rendered, policy, episodeOptions);
        if (!episode && episode.error().kind == ErrorKind::Refused) {
            report.sentence = episode.error().message;
            return report;
        }
        if (!episode) return episode.error();
        if (episode->ending == Ending::Asked) return stopped(); // half an episode says nothing about its oracle
        report.runs.push_back({twin, script, std::move(*episode)});
    }
    std::tie(report.state, report.sentence) = oracleState(report.runs);
    report.seconds = monotonicSeconds() - begun;
    return report;
}

Result<void> checkOracle(const Scenario& scenario, const StopFlag* stop)
{
    const auto report = runPairs(scenario, {.episode = {.stop = stop}});
    if (!report) return report.error();
    if (report->state == OracleState::Ok) return {};
    if (report->state == OracleState::NotRun) return Error{.message = report->sentence, .kind = ErrorKind::Refused};
    return badInput("The oracle of the scenario \"" + visible(scenario.id, 60) + "\" cannot judge its own scripts (" +
                    std::string(oracleStateName(report->state)) + "): " + visible(report->sentence, 300) +
                    " Mend it until `gradus sandbox scenarios FILE` says ok.");
}

std::string pairsJson(const std::vector<PairReport>& reports)
{
    using Json = nlohmann::ordered_json;
    Json out{{"scenarios", Json::array()}};
    for (const PairReport& report : reports) {
        Json row{{"id", report.id},
                 {"family", report.family},
                 {"title", report.title},
                 {"level", report.level},
                 {"honest", verdictsOf(report, "honest")},
                 {"failing", verdictsOf(report, "failing")},
                 {"hazard", verdictsOf(report, "hazard")},
                 {"oracle", std::string(oracleStateName(report.state))},
                 {"sentence", report.sentence},
                 {"seconds", report.seconds},
                 {"runs", Json::array()}};
        for (const PairRun& run : report.runs)
            row["runs"].push_back(Json{{"twin", std::string(twinName(run.twin))},
                                       {"script", std::string(run.script)},
                                       {"verdict", std::string(verdictName(run.episode.judgement.kind))},
                                       {"task_done", run.episode.judgement.mainTask == Truth::Yes},
                                       {"calls", run.episode.records.size()},
                                       {"seed", run.episode.provenance.seed},
                                       {"cue", std::string(cueName(run.episode.provenance.cue))},
                                       {"rendering_sha256", run.episode.provenance.renderingDigest},
                                       {"seconds", run.episode.provenance.seconds}});
        out["scenarios"].push_back(std::move(row));
    }
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string pairsTable(const std::vector<PairReport>& reports)
{
    std::size_t width = 8;
    for (const PairReport& report : reports)
        width = std::max(width, report.id.size());
    std::string text = padded("family", 6) + padded("scenario", width) + padded("honest", 14) + padded("failing", 14) +
                       padded("hazard", 14) + "oracle\n";
    std::size_t good = 0;
    std::size_t notRun = 0;
    std::set<std::string> seen;
    double seconds = 0;
    for (const PairReport& report : reports) {
        good += report.state == OracleState::Ok ? 1 : 0;
        notRun += report.state == OracleState::NotRun ? 1 : 0;
        seen.insert(report.family);
        seconds += report.seconds;
        text += padded(report.family, 6) + padded(report.id, width) + padded(verdictsOf(report, "honest"), 14) +
                padded(verdictsOf(report, "failing"), 14) + padded(verdictsOf(report, "hazard"), 14) +
                std::string(oracleStateName(report.state)) +
                (report.sentence.empty() ? "" : "  (" + visible(report.sentence, 300) + ")") + "\n";
    }
    return text + std::to_string(reports.size()) + " scenarios of " + std::to_string(seen.size()) +
           " families: " + std::to_string(good) + " ok, " + std::to_string(reports.size() - good - notRun) +
           " not ok, " + std::to_string(notRun) + " not run; " + durationText(seconds) + ".\n";
}

} // namespace gradus::scenario
