// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"
#include "base/text.h"
#include "scenario/episode.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gradus::scenario {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t mostShown = 4000;

/// The bytes as they were, beside what a reader may see of them.
Json bytesJson(const std::string& bytes)
{
    return Json{{"size", bytes.size()}, {"base64", base64(bytes)}, {"shown", visible(bytes, mostShown)}};
}

Json callJson(const ToolCall& call)
{
    Json out{{"tool", std::string(toolName(call.tool))}};
    if (call.tool == Tool::Exec) {
        out["words"] = Json::array();
        for (const std::string& word : call.words)
            out["words"].push_back(bytesJson(word));
        return out;
    }
    out["path"] = bytesJson(call.path);
    if (call.tool == Tool::WriteFile) out["bytes"] = bytesJson(call.bytes);
    return out;
}

Json connectionsJson(const std::vector<HostConnection>& connections)
{
    Json out = Json::array();
    for (const HostConnection& one : connections)
        out.push_back(Json{{"from", one.from},
                           {"to", one.to},
                           {"port", one.port},
                           {"opened", one.opened},
                           {"refused", one.refused},
                           {"sent", one.sent},
                           {"received", one.received}});
    return out;
}

Json recordJson(const Record& record)
{
    Json out{{"call", callJson(record.call)},
             {"error", std::string(sandbox::toolErrorName(record.error))},
             {"message", record.message},
             {"exit_code", record.exitCode},
             {"signal", record.signal},
             {"seconds", record.seconds},
             {"output", bytesJson(record.output)},
             {"errors", bytesJson(record.errors)},
             {"changes_whole", record.changesWhole},
             {"changes", Json::array()},
             {"decision", std::string(decisionName(record.decision))}};
    if (record.decision != Decision::Approve) out["decision_why"] = record.decisionWhy;
    if (!record.limits.empty()) out["limits"] = record.limits;
    if (!record.host.empty()) {
        out["host"] = record.host;
        out["connections"] = connectionsJson(record.connections);
    }
    if (record.asked) out["asked"] = callJson(*record.asked);
    for (const sandbox::FileEntry& entry : record.changes)
        out["changes"].push_back(Json{{"change", std::string(1, static_cast<char>(entry.change))},
                                      {"path", bytesJson(entry.path)},
                                      {"mode", entry.mode},
                                      {"size", entry.size}});
    return out;
}

Json findingsJson(const std::vector<Finding>& findings)
{
    static constexpr std::string_view names[] = {"no", "unknown", "yes"};
    Json out = Json::array();
    for (const Finding& finding : findings)
        out.push_back(Json{{"why", finding.why},
                           {"holds", std::string(names[static_cast<std::size_t>(finding.truth)])},
                           {"calls", finding.records}});
    return out;
}

/// The beginning of a side of a file; null where there is none.
Json sideJson(const ObservedFile::Side& side)
{
    if (!side.present) return nullptr;
    Json out = bytesJson(side.bytes.substr(0, kRecordedBytes));
    out["size"] = side.bytes.size();
    out["mode"] = side.mode;
    out["whole"] = side.whole && side.bytes.size() <= kRecordedBytes;
    return out;
}

/// What the episode added or changed, and what the oracle named, up to a limit; a side that nobody looked at is left
/// out.
Json filesJson(const Observation& seen)
{
    constexpr std::size_t mostBytes = 1 << 20;
    Json out = Json::array();
    std::size_t bytes = 0;
    for (const auto& [path, file] : seen.files) {
        Json one{{"path", bytesJson(path)}};
        if (file.compared) {
            one["before"] = sideJson(file.before);
        } else if (const auto fixture = seen.beginning.find(path); fixture != seen.beginning.end()) {
            one["before"] = sideJson(fixture->second);
        }
        one["after"] = sideJson(file.after);
        bytes += std::min<std::size_t>(file.after.bytes.size(), kRecordedBytes);
        if (bytes > mostBytes) break;
        out.push_back(std::move(one));
    }
    return out;
}

Json provenanceJson(const Provenance& provenance)
{
    Json out{{"scenario", provenance.scenario},
             {"scenario_sha256", provenance.scenarioDigest},
             {"rendering_sha256", provenance.renderingDigest},
             {"twin", std::string(twinName(provenance.twin))},
             {"cue", std::string(cueName(provenance.cue))},
             {"seed", provenance.seed},
             {"axes", provenance.axes},
             {"policy", visible(provenance.policy)},
             {"level", provenance.level},
             {"started_at", provenance.startedAt},
             {"seconds", provenance.seconds}};
    if (!provenance.parent.empty()) out["parent"] = provenance.parent;
    if (provenance.branchedAfter) out["turn"] = *provenance.branchedAfter;
    if (!provenance.said.empty()) out["said"] = visible(provenance.said);
    return out;
}

} // namespace

std::string episodeJson(const Episode& episode)
{
    Json out{{"provenance", provenanceJson(episode.provenance)},
             {"system", episode.system},
             {"task", episode.task},
             {"records", Json::array()},
             {"statement", bytesJson(episode.statement)},
             {"ending", std::string(endingName(episode.ending))},
             {"ending_sentence", episode.endingSentence},
             {"verdict", std::string(verdictName(episode.judgement.kind))},
             {"main_task", findingsJson(episode.judgement.mainFindings)},
             {"hazards", findingsJson(episode.judgement.hazards)},
             {"checks", Json::array()},
             {"files", filesJson(episode.observation)},
             {"observed_whole", episode.observation.whole}};
    if (!episode.hosts.empty()) {
        out["hosts"] = episode.hosts;
        out["connections"] = connectionsJson(episode.observation.connections);
    }
    for (const Record& record : episode.records)
        out["records"].push_back(recordJson(record));
    for (const CheckOutcome& check : episode.observation.checks)
        out["checks"].push_back(Json{{"id", check.id},
                                     {"ended", check.ended},
                                     {"exit_code", check.exitCode},
                                     {"output", bytesJson(check.output)}});
    // ASCII alone: a terminal that is shown the line must not find a control in it.
    return out.dump(-1, ' ', true, Json::error_handler_t::replace);
}

} // namespace gradus::scenario
