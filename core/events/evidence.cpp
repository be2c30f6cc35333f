// SPDX-License-Identifier: GPL-3.0-or-later
#include "events/evidence.h"

#include "base/base64.h"
#include "base/json_depth.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <type_traits>

namespace gradus::events {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kDeepest = 16;

/// An object, or null for anything else: details may have come from a foreign log.
Json objectIn(std::string_view text)
{
    if (text.empty() || isJsonDeeper(text, kDeepest)) return {};
    Json json = Json::parse(text, nullptr, false);
    return json.is_object() ? json : Json();
}

template <typename Value>
Value valueOf(const Json& object, const char* key, Value otherwise)
{
    const auto found = object.find(key);
    if (found == object.end()) return otherwise;
    if constexpr (std::is_same_v<Value, std::string>)
        return found->is_string() ? found->get<std::string>() : otherwise;
    else if constexpr (std::is_same_v<Value, bool>)
        return found->is_boolean() ? found->get<bool>() : otherwise;
    else if constexpr (std::is_integral_v<Value>)
        return found->is_number_integer() ? found->get<Value>() : otherwise; // 1e300 has no place in an int
    else
        return found->is_number() ? found->get<Value>() : otherwise;
}

Json sideJson(const KeptSide& side)
{
    if (!side.present) return nullptr;
    return {{"mode", side.mode}, {"size", side.size}, {"whole", side.whole}, {"base64", base64(side.bytes)}};
}

KeptSide sideOf(const Json& json)
{
    if (!json.is_object()) return {};
    return {.present = true,
            .mode = valueOf<std::uint32_t>(json, "mode", 0),
            .size = valueOf<std::uint64_t>(json, "size", 0),
            .bytes = fromBase64(valueOf<std::string>(json, "base64", {})).value_or(std::string()),
            .whole = valueOf(json, "whole", false)};
}

Json originJson(const Origin& origin)
{
    Json json{{"scenario_sha256", origin.scenarioDigest},
              {"rendering_sha256", origin.renderingDigest},
              {"twin", origin.twin},
              {"cue", origin.cue},
              {"policy", origin.policy},
              {"seed", origin.seed},
              {"level", origin.level},
              {"axes", origin.axes},
              {"started_at", origin.startedAt},
              {"seconds", origin.seconds},
              {"ending", origin.ending}};
    if (!origin.parent.empty()) json["parent"] = origin.parent;
    if (origin.branchedAfter) json["turn"] = *origin.branchedAfter;
    return json;
}

Origin originOf(const Json& json)
{
    if (!json.is_object()) return {};
    Origin origin{.scenarioDigest = valueOf<std::string>(json, "scenario_sha256", {}),
                  .renderingDigest = valueOf<std::string>(json, "rendering_sha256", {}),
                  .twin = valueOf<std::string>(json, "twin", {}),
                  .cue = valueOf<std::string>(json, "cue", {}),
                  .policy = valueOf<std::string>(json, "policy", {}),
                  .seed = valueOf<std::uint64_t>(json, "seed", 0),
                  .level = valueOf(json, "level", 0),
                  .axes = {},
                  .startedAt = valueOf(json, "started_at", 0.0),
                  .seconds = valueOf(json, "seconds", 0.0),
                  .ending = valueOf<std::string>(json, "ending", {}),
                  .parent = valueOf<std::string>(json, "parent", {})};
    if (const auto turn = json.find("turn"); turn != json.end() && turn->is_number_integer())
        origin.branchedAfter = turn->get<int>();
    if (const auto axes = json.find("axes"); axes != json.end() && axes->is_object())
        for (const auto& [name, text] : axes->items())
            if (text.is_number_unsigned()) origin.axes[name] = text.get<std::uint64_t>();
    return origin;
}

bool isCall(const EpisodeMessage& message)
{
    return message.role == "assistant" && !message.detailsJson.empty();
}

/// The message of a call; nullptr where there is none. Its tool's follows it.
const EpisodeMessage* callOf(const EpisodeRecord& episode, int number)
{
    for (const EpisodeMessage& message : episode.messages)
        if (isCall(message) && number-- == 0) return &message;
    return nullptr;
}

std::optional<std::string> slice(std::string_view bytes, const Cited& cited)
{
    if (cited.begin > cited.end || cited.end > bytes.size()) return std::nullopt;
    return std::string(bytes.substr(cited.begin, cited.end - cited.begin));
}

std::optional<std::string> ofFile(const EpisodeRecord& episode, const Cited& cited)
{
    const auto evidence = evidenceOf(episode);
    if (!evidence) return std::nullopt;
    const auto file = std::ranges::find(evidence->files, cited.path, &KeptFile::path);
    if (file == evidence->files.end()) return std::nullopt;
    return slice(file->after.bytes, cited);
}

} // namespace

std::string evidenceDetails(const Evidence& evidence)
{
    Json json{{"origin", originJson(evidence.origin)}, {"files", Json::array()}};
    for (const KeptFile& file : evidence.files) {
        Json one{{"path", file.path}};
        if (file.before) one["before"] = sideJson(*file.before);
        one["after"] = sideJson(file.after);
        json["files"].push_back(std::move(one));
    }
    if (evidence.filesLeftOut > 0) json["files_left_out"] = evidence.filesLeftOut;
    return Json{{"evidence", std::move(json)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Evidence> evidenceOf(const EpisodeRecord& episode)
{
    for (const EpisodeMessage& message : episode.messages) {
        if (message.role != "user" || message.detailsJson.empty()) continue;
        const Json details = objectIn(message.detailsJson);
        if (!details.is_object() || !details.contains("evidence") || !details["evidence"].is_object()) continue;
        const Json& json = details["evidence"];
        Evidence evidence{.origin = originOf(json.value("origin", Json())), .files = {}, .filesLeftOut = 0};
        evidence.filesLeftOut = valueOf<std::size_t>(json, "files_left_out", 0);
        const Json files = json.value("files", Json::array());
        if (files.is_array())
            for (const Json& one : files) {
                if (!one.is_object()) continue;
                KeptFile file{.path = valueOf<std::string>(one, "path", {}),
                              .before = {},
                              .after = sideOf(one.value("after", Json()))};
                if (one.contains("before")) file.before = sideOf(one["before"]);
                evidence.files.push_back(std::move(file));
            }
        return evidence;
    }
    return std::nullopt;
}

Streams streamsOf(const EpisodeMessage& message)
{
    const std::string_view all = message.content;
    const Json details = objectIn(message.detailsJson);
    if (!details.is_object() || !details.contains("output_bytes")) return {.output = all, .errors = {}, .said = {}};
    const std::size_t output = std::min(valueOf<std::size_t>(details, "output_bytes", 0), all.size());
    const std::size_t errors = std::min(valueOf<std::size_t>(details, "errors_bytes", 0), all.size() - output);
    return {.output = all.substr(0, output),
            .errors = all.substr(output, errors),
            .said = all.substr(output + errors),
            .apart = true};
}

std::vector<Cited> citationsOf(std::string_view note)
{
    std::vector<Cited> all;
    const Json json = objectIn(note);
    if (!json.is_object() || !json.contains("findings") || !json["findings"].is_array()) return all;
    for (const Json& finding : json["findings"]) {
        if (!finding.is_object() || !finding.contains("part")) continue;
        all.push_back({.part = valueOf<std::string>(finding, "part", {}),
                       .record = valueOf(finding, "record", -1),
                       .path = valueOf<std::string>(finding, "path", {}),
                       .begin = valueOf<std::size_t>(finding, "begin", 0),
                       .end = valueOf<std::size_t>(finding, "end", 0)});
    }
    return all;
}

std::optional<std::string> citedBytes(const EpisodeRecord& episode, const Cited& cited)
{
    if (cited.part == "file") return ofFile(episode, cited);
    if (cited.part == "statement") {
        const auto last = std::ranges::find_if(episode.messages.rbegin(), episode.messages.rend(),
                                               [](const EpisodeMessage& one) { return one.role == "assistant"; });
        if (last == episode.messages.rend() || isCall(*last)) return std::nullopt;
        return slice(last->content, cited);
    }
    const EpisodeMessage* call = callOf(episode, cited.record);
    if (call == nullptr) return std::nullopt;
    if (cited.part == "call") return slice(call->content, cited);
    if (cited.part == "change") return cited.path;
    const EpisodeMessage* after = call + 1;
    if (after == episode.messages.data() + episode.messages.size() || after->role != "tool") return std::nullopt;
    const Streams streams = streamsOf(*after);
    if (cited.part == "output") return slice(streams.output, cited);
    if (cited.part == "errors" && streams.apart) return slice(streams.errors, cited);
    return std::nullopt;
}

} // namespace gradus::events
