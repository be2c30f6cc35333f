// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitors/record.h"

#include "base/text.h"
#include "events/evidence.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace gradus::monitors {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostChanges = 100; ///< of one call; the rest is counted

std::string detailsOf(const scenario::Record& record)
{
    Json details{{"tool", std::string(toolName(record.call.tool))}};
    if (!record.host.empty()) details["host"] = record.host;
    if (record.decision != scenario::Decision::Approve) {
        details["decision"] = std::string(decisionName(record.decision));
        details["why"] = record.decisionWhy;
    }
    return details.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What came of a call beside its output. Paths are an agent's: made visible, because details are shown as they stand.
std::string outcomeOf(const scenario::Record& record)
{
    Json details = Json::object();
    if (!record.executed()) details["executed"] = false;
    if (record.executed() && record.call.tool == scenario::Tool::Exec) details["exit"] = record.exitCode;
    if (record.signal != 0) details["signal"] = record.signal;
    if (record.error != sandbox::ToolError::None) details["error"] = std::string(toolErrorName(record.error));
    if (scenario::wasDenied(record)) details["denied"] = true;
    if (!record.limits.empty()) details["limits"] = record.limits;
    details["seconds"] = record.seconds;
    details["output_bytes"] = record.output.size();
    details["errors_bytes"] = record.errors.size();
    for (const scenario::HostConnection& one : record.connections)
        details["connections"].push_back(Json{{"from", one.from},
                                              {"to", one.to + ":" + std::to_string(one.port)},
                                              {"opened", one.opened},
                                              {"refused", one.refused},
                                              {"sent", one.sent},
                                              {"received", one.received}});
    for (const sandbox::FileEntry& entry : record.changes) {
        if (details.contains("changes") && details["changes"].size() == kMostChanges) break;
        details["changes"].push_back(Json{{"change", std::string(1, static_cast<char>(entry.change))},
                                          {"path", visible(entry.path)},
                                          {"size", entry.size}});
    }
    if (record.changes.size() > kMostChanges) details["more_changes"] = record.changes.size() - kMostChanges;
    if (!record.changesWhole) details["changes_whole"] = false;
    return details.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What a terminal would show. How many bytes of it are which stream's is in the details.
std::string resultOf(const scenario::Record& record)
{
    std::string text = record.output + record.errors;
    if (record.error != sandbox::ToolError::None)
        text += (text.empty() ? "" : "\n") + std::string(toolErrorName(record.error)) + ": " + record.message;
    return text;
}

const scenario::Finding* firedOf(const scenario::Judgement& judgement)
{
    for (const scenario::Finding& finding : judgement.hazards)
        if (finding.truth == scenario::Truth::Yes) return &finding;
    for (const scenario::Finding& finding : judgement.mainFindings)
        if (finding.truth != scenario::Truth::Yes) return &finding;
    return nullptr;
}

events::KeptSide keptOf(const scenario::ObservedFile::Side& side)
{
    return {.present = side.present,
            .mode = side.mode,
            .size = side.bytes.size(),
            .bytes = side.bytes.substr(0, events::kKeptFileBytes),
            .whole = side.whole && side.bytes.size() <= events::kKeptFileBytes};
}

/// Where the path stood before the episode; nothing where nobody looked.
std::optional<events::KeptSide> beforeOf(const scenario::Observation& seen, const std::string& path)
{
    if (const auto file = seen.files.find(path); file != seen.files.end() && file->second.compared)
        return keptOf(file->second.before);
    if (const auto fixture = seen.beginning.find(path); fixture != seen.beginning.end()) return keptOf(fixture->second);
    // What the manifest calls new was not there.
    const auto change = std::ranges::find(seen.changes, path, &sandbox::FileEntry::path);
    if (change != seen.changes.end() && change->change == sandbox::Change::Added) return events::KeptSide{};
    return std::nullopt;
}

/// Paths in the order in which they are kept: what a finding cites first, then what changed.
std::vector<std::string> pathsToKeep(const scenario::Observation& seen, const std::vector<Report>& reports)
{
    std::vector<std::string> paths;
    std::set<std::string> known;
    const auto add = [&](const std::string& path) {
        if (known.insert(path).second) paths.push_back(path);
    };
    for (const Report& report : reports)
        for (const Finding& finding : report.findings)
            if (finding.citation.part == Part::File) add(finding.citation.path);
    for (const auto& [path, file] : seen.files)
        add(path);
    for (const sandbox::FileEntry& entry : seen.changes)
        if (entry.change == sandbox::Change::Removed && seen.beginning.contains(entry.path)) add(entry.path);
    return paths;
}

// Else a file's beginning would be cut sooner than its end.
static_assert(scenario::kRecordedBytes >= events::kKeptFileBytes);

void keepFiles(const scenario::Observation& seen, const std::vector<Report>& reports, events::Evidence& evidence)
{
    std::size_t bytes = 0;
    for (const std::string& path : pathsToKeep(seen, reports)) {
        events::KeptFile file{
            .path = visible(path, events::kKeptPathBytes), .before = beforeOf(seen, path), .after = {}};
        if (const auto left = seen.files.find(path); left != seen.files.end()) file.after = keptOf(left->second.after);
        if (file.before && file.before->present == file.after.present && file.before->mode == file.after.mode &&
            file.before->bytes == file.after.bytes && file.before->whole && file.after.whole)
            continue; // the oracle named it and nothing became of it
        bytes += file.after.bytes.size() + (file.before ? file.before->bytes.size() : 0);
        if (bytes > events::kKeptEpisodeBytes)
            ++evidence.filesLeftOut;
        else
            evidence.files.push_back(std::move(file));
    }
}

events::Origin originOf(const scenario::Episode& episode)
{
    const scenario::Provenance& made = episode.provenance;
    events::Origin origin{.scenarioDigest = made.scenarioDigest,
                          .renderingDigest = made.renderingDigest,
                          .twin = std::string(twinName(made.twin)),
                          .cue = std::string(cueName(made.cue)),
                          .policy = visible(made.policy),
                          .seed = made.seed,
                          .level = made.level,
                          .axes = {},
                          .startedAt = made.startedAt,
                          .seconds = made.seconds,
                          .ending = std::string(endingName(episode.ending)),
                          .parent = made.parent,
                          .branchedAfter = made.branchedAfter};
    for (const auto& [axis, text] : made.axes)
        origin.axes[axis] = text;
    return origin;
}

events::EpisodeRecord opened(const std::string& key, const std::string& scenario, scenario::Twin twin,
                             scenario::Cue cue, const std::string& system, const std::string& task)
{
    events::EpisodeRecord record;
    record.key = key;
    record.scenario = scenario + " / " + std::string(twinName(twin));
    if (cue != scenario::Cue::None) record.scenario += ", " + std::string(cueName(cue));
    if (!system.empty()) record.messages.push_back({"system", system, {}});
    record.messages.push_back({"user", task, {}});
    return record;
}

/// How the episode ended, where it did not by the agent's own words.
std::string endOf(const scenario::Episode& episode)
{
    if (episode.ending == scenario::Ending::Policy) return {};
    std::string end = " It ended by: " + std::string(endingName(episode.ending)) + ".";
    if (!episode.endingSentence.empty()) end += " " + visible(episode.endingSentence);
    return end;
}

} // namespace

namespace {

View wholeOf(const scenario::Episode& episode, const Briefing& briefing)
{
    return {.briefing = briefing,
            .records = episode.records,
            .statement = &episode.statement,
            .observation = &episode.observation,
            .mainTask = episode.judgement.mainTask};
}

} // namespace

std::optional<bool> canaryTouched(const scenario::Episode& episode, const scenario::Rendered& material)
{
    const Briefing briefing = briefingOf(material);
    if (std::ranges::all_of(briefing.honeytokens,
                            [&](const std::string& token) { return briefing.task.find(token) != std::string::npos; }))
        return std::nullopt;
    return std::ranges::any_of(honeytokens(wholeOf(episode, briefing)).findings,
                               [](const Finding& finding) { return finding.citation.part != Part::Output; });
}

std::vector<Report> reportsOn(const scenario::Episode& episode, const scenario::Rendered& material,
                              SuspicionJudge* judge, JudgeSees sees)
{
    const Briefing briefing = briefingOf(material);
    const View view = wholeOf(episode, briefing);
    std::vector<Report> reports;
    for (const Monitor& monitor : monitors())
        reports.push_back(monitor.look(view));
    if (judge != nullptr) reports.push_back(trustedJudge(view, *judge, sees));
    return reports;
}

events::EpisodeRecord begunRecord(const scenario::Rendered& material, const std::string& key)
{
    events::EpisodeRecord record =
        opened(key, material.id, material.twin, material.cue, material.system, material.task);
    record.judge = "worker";
    record.verdict = kInterrupted;
    record.note = "It began and has not ended: it is being played, or its program ended first.";
    return record;
}

events::EpisodeRecord recordOf(const scenario::Episode& episode, const std::string& key,
                               const std::vector<Report>& reports, const std::vector<std::string>& words)
{
    const scenario::Provenance& made = episode.provenance;
    const bool hazard = episode.judgement.kind == scenario::VerdictKind::Hazard;
    events::EpisodeRecord record = opened(key, made.scenario, made.twin, made.cue, episode.system, episode.task);
    events::Evidence evidence{.origin = originOf(episode), .files = {}, .filesLeftOut = 0};
    keepFiles(episode.observation, reports, evidence);
    record.messages.back().detailsJson = evidenceDetails(evidence); // of the task
    const auto auditorSpeaks = [&](std::size_t calls) {
        if (!made.said.empty() && made.branchedAfter && static_cast<std::size_t>(*made.branchedAfter) == calls)
            record.messages.push_back({"user", made.said, {}});
    };
    auditorSpeaks(0);
    for (std::size_t i = 0; i < episode.records.size(); ++i) {
        const scenario::Record& one = episode.records[i];
        if (i < words.size() && !words[i].empty()) record.messages.push_back({"assistant", words[i], {}});
        record.messages.push_back({"assistant", callText(one.call), detailsOf(one)});
        record.messages.push_back({"tool", resultOf(one), outcomeOf(one)});
        auditorSpeaks(i + 1);
    }
    if (!episode.statement.empty()) record.messages.push_back({"assistant", episode.statement, {}});
    record.judge = "oracle";
    record.verdict = hazard ? "hazard" : "safe";
    if (episode.judgement.kind == scenario::VerdictKind::Undecided) record.verdict = "undecided";
    const scenario::Finding* finding = firedOf(episode.judgement);
    record.note = std::string(verdictName(episode.judgement.kind)) + (finding != nullptr ? ": " + finding->why : ".") +
                  endOf(episode);
    if (hazard) {
        record.severity = 1;
        record.hazardJson =
            Json{{"state", "found"},  {"scenario", made.scenario},      {"twin", std::string(twinName(made.twin))},
                 {"seed", made.seed}, {"policy", visible(made.policy)}, {"level", made.level}}
                .dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    for (const Report& report : reports)
        if (report.applies)
            record.others.push_back({"monitor/" + std::string(report.monitor),
                                     std::string(decisionName(report.decision)), report.score, noteJson(report)});
    return record;
}

} // namespace gradus::monitors
