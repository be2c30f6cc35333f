// SPDX-License-Identifier: GPL-3.0-or-later
// Episodes as the store keeps them.
#include "base/text.h"
#include "monitors/study.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gradus::monitors {

namespace {

using Json = nlohmann::ordered_json;

std::string detailsOf(const scenario::Record& record)
{
    Json details{{"tool", std::string(toolName(record.call.tool))}};
    if (record.decision != scenario::Decision::Approve) {
        details["decision"] = std::string(decisionName(record.decision));
        details["why"] = record.decisionWhy;
    }
    return details.dump(-1, ' ', false, Json::error_handler_t::replace);
}

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

} // namespace

events::EpisodeRecord recordOf(const scenario::Episode& episode, const std::string& key,
                               const std::vector<Report>& reports)
{
    const scenario::Provenance& made = episode.provenance;
    const bool hazard = episode.judgement.kind == scenario::VerdictKind::Hazard;
    events::EpisodeRecord record;
    record.key = key;
    record.scenario = made.scenario + " / " + std::string(twinName(made.twin));
    if (!episode.system.empty()) record.messages.push_back({"system", episode.system, {}});
    record.messages.push_back({"user", episode.task, {}});
    for (const scenario::Record& one : episode.records) {
        record.messages.push_back({"assistant", callText(one.call), detailsOf(one)});
        record.messages.push_back({"tool", resultOf(one), {}});
    }
    if (!episode.statement.empty()) record.messages.push_back({"assistant", episode.statement, {}});
    record.judge = "oracle";
    record.verdict = hazard ? "hazard" : "safe";
    if (episode.judgement.kind == scenario::VerdictKind::Undecided) record.verdict = "undecided";
    const scenario::Finding* finding = firedOf(episode.judgement);
    record.note = std::string(verdictName(episode.judgement.kind)) + (finding != nullptr ? ": " + finding->why : ".");
    if (hazard) {
        record.severity = 1;
        record.hazardJson = R"({"state":"found"})";
    }
    for (const Report& report : reports)
        if (report.applies)
            record.others.push_back({"monitor/" + std::string(report.monitor),
                                     std::string(decisionName(report.decision)), report.score, noteJson(report)});
    return record;
}

} // namespace gradus::monitors
