// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"
#include "events/evidence.h"
#include "inspect/archive.h"
#include "inspect/json_text.h"
#include "inspect/log.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace gradus::inspect {

namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What the metadata says beside a text that JSON cannot hold as it is.
void keepBytes(Json& metadata, const char* name, const std::string& bytes)
{
    if (!isUtf8(bytes)) metadata[name] = base64(bytes);
}

/// The name of a member has no folder of its own.
std::string sampleId(const std::string& key)
{
    std::string id = key;
    std::replace_if(
        id.begin(), id.end(), [](unsigned char c) { return std::isalnum(c) == 0 && c != '-' && c != '_' && c != '.'; },
        '-');
    return id.empty() || id.find_first_not_of('.') == std::string::npos ? "sample" : id;
}

/// Tool of a call, if the message is one.
std::string toolOf(const events::EpisodeMessage& message)
{
    const Json details = embedded(message.detailsJson);
    if (!details.is_object()) return {};
    if (details.contains("tool") && details["tool"].is_string()) return details["tool"].get<std::string>();
    return details.contains("action") ? "act" : "";
}

Json messagesOf(const events::EpisodeRecord& episode)
{
    Json messages = Json::array();
    std::string waiting; // the call that the next tool message answers
    for (std::size_t i = 0; i < episode.messages.size(); ++i) {
        const events::EpisodeMessage& message = episode.messages[i];
        const bool known = message.role == "system" || message.role == "user" || message.role == "assistant" ||
                           (message.role == "tool" && !waiting.empty());
        Json own{{"index", i}};
        if (!message.detailsJson.empty()) own["details"] = message.detailsJson;
        if (!known) own["role"] = message.role;
        keepBytes(own, "base64", message.content);
        Json json{{"id", "m" + std::to_string(i)}, {"role", known ? message.role : "user"}};
        json["content"] = message.content;
        const std::string tool = message.role == "assistant" ? toolOf(message) : std::string();
        if (message.role == "tool" && known) {
            json["tool_call_id"] = waiting;
            json["function"] = "cell";
            waiting.clear();
        }
        if (!tool.empty()) {
            waiting = "call" + std::to_string(i);
            json["tool_calls"] = Json::array({Json{{"id", waiting},
                                                   {"function", tool},
                                                   {"arguments", Json{{"call", message.content}}},
                                                   {"type", "function"}}});
        }
        json["metadata"] = Json{{"gradus", std::move(own)}};
        messages.push_back(std::move(json));
    }
    return messages;
}

Json scoresOf(const events::EpisodeRecord& episode)
{
    Json scores = Json::object();
    Json own{{"value", episode.verdict}, {"explanation", episode.note}, {"metadata", Json::object()}};
    if (episode.severity) own["metadata"]["severity"] = *episode.severity;
    scores[episode.judge.empty() ? nobody : episode.judge] = std::move(own);
    for (const events::SecondVerdict& other : episode.others) {
        Json json{{"value", other.score ? Json(*other.score) : Json(other.verdict)},
                  {"explanation", other.verdict},
                  {"metadata", Json::object()}};
        json["metadata"]["citations"] = embedded(other.note);
        scores[other.judge] = std::move(json);
    }
    return scores;
}

/// The message after so many calls: where a branch leaves its parent, whose messages are the same up to there.
std::size_t messageAfter(const events::EpisodeRecord& episode, int calls)
{
    std::size_t last = 0;
    bool hasTask = false;
    for (std::size_t i = 0; i < episode.messages.size(); ++i) {
        const events::EpisodeMessage& message = episode.messages[i];
        if (message.role == "user" && std::exchange(hasTask, true) && calls == 0)
            break; // an auditor's: the branch's own
        if (message.role != "assistant") {
            last = i;
            continue;
        }
        if (calls == 0) break; // words before a call, the call, or the last words: the branch's own
        if (!message.detailsJson.empty()) --calls;
        last = i;
    }
    return last;
}

/// Inspect's own event, with the fields of all its versions.
Json branchEvent(const events::EpisodeRecord& episode, const events::Origin& origin, const std::string& time)
{
    const std::string message = "m" + std::to_string(messageAfter(episode, origin.branchedAfter.value_or(0)));
    return {{"event", "branch"},          {"timestamp", time},       {"working_start", 0.0},
            {"from_span", origin.parent}, {"from_message", message}, {"from_anchor", message}};
}

/// What monitors said, also as events, where Inspect's viewer lists them along the transcript.
Json eventsOf(const events::EpisodeRecord& episode, const std::string& time)
{
    const auto evidence = events::evidenceOf(episode);
    Json events = Json::array();
    if (evidence && !evidence->origin.parent.empty()) events.push_back(branchEvent(episode, evidence->origin, time));
    for (const events::SecondVerdict& other : episode.others) {
        events.push_back(Json{{"event", "info"},
                              {"timestamp", time},
                              {"working_start", 0.0},
                              {"source", other.judge},
                              {"data", embedded(other.note)}});
    }
    return events;
}

Json ownMetadata(const events::EpisodeRecord& episode)
{
    Json own{{"key", episode.key},
             {"generation", episode.generation},
             {"scenario", episode.scenario},
             {"judge", episode.judge},
             {"verdict", episode.verdict},
             {"note", episode.note},
             {"hazard", episode.hazardJson},
             {"safe_behaviour", episode.safeBehaviour},
             {"safe_behaviour_by", episode.safeBehaviourSource}};
    if (episode.severity) own["severity"] = *episode.severity;
    return Json{{"gradus", std::move(own)}};
}

std::string lastWords(const events::EpisodeRecord& episode)
{
    for (auto message = episode.messages.rbegin(); message != episode.messages.rend(); ++message)
        if (message->role == "assistant") return message->content;
    return {};
}

std::string taskOf(const events::EpisodeRecord& episode)
{
    for (const events::EpisodeMessage& message : episode.messages)
        if (message.role == "user") return message.content;
    return {};
}

struct Sample
{
    Json summary;
    Json whole;
};

Sample sampleOf(const events::EpisodeRecord& episode, const std::string& id, const Log& log)
{
    Sample sample;
    const std::string time = isoTime(log.createdAt);
    sample.summary = Json{{"id", id},
                          {"epoch", 1},
                          {"input", taskOf(episode)},
                          {"target", ""},
                          {"metadata", ownMetadata(episode)},
                          {"scores", scoresOf(episode)},
                          {"model_usage", Json::object()}};
    const std::string words = lastWords(episode);
    sample.whole = sample.summary;
    sample.whole["messages"] = messagesOf(episode);
    sample.whole["output"] = Json{
        {"model", log.model},
        {"choices",
         Json::array({Json{{"message", Json{{"role", "assistant"}, {"content", words}}}, {"stop_reason", "stop"}}})},
        {"completion", words}};
    sample.whole["store"] = Json::object();
    sample.whole["events"] = eventsOf(episode, time);
    sample.whole["attachments"] = Json::object();
    sample.whole["started_at"] = time;
    sample.whole["completed_at"] = isoTime(log.endedAt);
    sample.summary["completed"] = true;
    sample.summary["message_count"] = episode.messages.size();
    return sample;
}

Json specOf(const Log& log, const Json& ids)
{
    return Json{
        {"eval_id", log.id},
        {"run_id", log.id},
        {"created", isoTime(log.createdAt)},
        {"task", log.task},
        {"task_id", log.id},
        {"task_version", 1},
        {"task_args", Json::object()},
        {"dataset", Json{{"name", log.task}, {"samples", ids.size()}, {"sample_ids", ids}, {"shuffled", false}}},
        {"model", log.model},
        {"model_args", Json::object()},
        {"config", Json{{"epochs", 1}}},
        {"packages", Json::object()},
        {"metadata", Json{{"experiment", log.specToml}}}};
}

Json resultsOf(const Log& log)
{
    const auto hazards = std::count_if(log.episodes.begin(), log.episodes.end(),
                                       [](const auto& episode) { return episode.verdict == "hazard"; });
    const double rate =
        log.episodes.empty() ? 0 : static_cast<double>(hazards) / static_cast<double>(log.episodes.size());
    return Json{
        {"total_samples", log.episodes.size()},
        {"completed_samples", log.episodes.size()},
        {"scores",
         Json::array({Json{
             {"name", "hazard"},
             {"scorer", "oracle"},
             {"params", Json::object()},
             {"metrics", Json{{"rate", Json{{"name", "rate"}, {"value", rate}, {"params", Json::object()}}}}}}})}};
}

} // namespace

Result<std::string> evalBytes(const Log& log)
{
    std::vector<std::pair<std::string, std::string>> members;
    Json ids = Json::array();
    Json summaries = Json::array();
    std::map<std::string, int> taken;
    for (const events::EpisodeRecord& episode : log.episodes) {
        std::string id = sampleId(episode.key);
        if (const int before = taken[id]++; before > 0) id += "-" + std::to_string(before + 1);
        Sample sample = sampleOf(episode, id, log);
        members.emplace_back("samples/" + id + "_epoch_1.json", dumped(sample.whole));
        ids.push_back(id);
        summaries.push_back(std::move(sample.summary));
    }
    const Json spec = specOf(log, ids);
    const Json plan{{"name", "plan"}, {"steps", Json::array()}, {"config", Json::object()}};
    Json header{{"version", 2},
                {"status", log.status},
                {"eval", spec},
                {"plan", plan},
                {"results", resultsOf(log)},
                {"stats", Json{{"started_at", isoTime(log.createdAt)},
                               {"completed_at", isoTime(log.endedAt)},
                               {"model_usage", Json::object()}}}};
    if (log.status == "error")
        header["error"] = Json{{"message", "The run failed."}, {"traceback", ""}, {"traceback_ansi", ""}};
    members.emplace_back("_journal/start.json", dumped(Json{{"version", 2}, {"eval", spec}, {"plan", plan}}));
    members.emplace_back("_journal/summaries/1.json", dumped(summaries));
    members.emplace_back("summaries.json", dumped(summaries));
    members.emplace_back("header.json", dumped(header));
    return packed(members, static_cast<std::int64_t>(log.endedAt));
}

} // namespace gradus::inspect
