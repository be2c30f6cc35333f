// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"
#include "base/text.h"
#include "inspect/archive.h"
#include "inspect/json_text.h"
#include "inspect/log.h"

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>
#include <set>

namespace gradus::inspect {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t mostName = 400;
constexpr std::string_view kAttachment = "attachment://";

const Json& at(const Json& json, const char* key)
{
    static const Json nothing;
    if (!json.is_object()) return nothing;
    const auto found = json.find(key);
    return found == json.end() ? nothing : *found;
}

std::string textOf(const Json& json)
{
    return json.is_string() ? json.get<std::string>() : std::string();
}

std::string shortText(const Json& json)
{
    return textOf(json).substr(0, mostName);
}

/// A value of a score: a word, a number, or several of them.
std::string valueText(const Json& json)
{
    if (json.is_string()) return shortText(json);
    if (json.is_number()) return numberText(json.get<double>());
    return json.is_null() ? std::string()
                          : json.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, mostName);
}

double timeOf(const std::string& iso)
{
    std::tm parts{};
    if (strptime(iso.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr) return 0;
    return static_cast<double>(timegm(&parts));
}

class Reader
{
public:
    Reader(const std::filesystem::path& file, const ReadBounds& bounds) : m_file(file.string()), m_bounds(bounds) {}

    Result<Log> read(const Archive& archive)
    {
        const bool whole = archive.has("header.json");
        const auto header = member(archive, whole ? "header.json" : "_journal/start.json");
        if (!header) return header.error();
        if (const auto known = head(*header, whole); !known) return known.error();
        std::size_t count = 0;
        for (const std::string& name : archive.names()) {
            if (!name.starts_with("samples/") || !name.ends_with(".json")) continue;
            if (++count > m_bounds.samples)
                return wrong("has more than " + std::to_string(m_bounds.samples) + " samples; split it.");
            const auto sample = member(archive, name);
            if (!sample) return sample.error();
            if (const auto taken = take(*sample, name); !taken) return taken.error();
        }
        return std::move(m_log);
    }

private:
    Error wrong(const std::string& what) const { return badInput("The log " + visible(m_file) + " " + what); }

    Result<Json> member(const Archive& archive, const std::string& name) const
    {
        const auto bytes = archive.read(name);
        if (!bytes) return bytes.error();
        return parsedJson(*bytes, "the member " + visible(name, 80) + " of " + visible(m_file));
    }

    Result<void> head(const Json& header, bool whole)
    {
        const Json& version = at(header, "version");
        if (!version.is_number_integer() || version.get<std::int64_t>() > 2)
            return wrong("has no version that is known here; versions up to 2 are.");
        const Json& eval = at(header, "eval");
        if (!eval.is_object()) return wrong("says of no evaluation what it is: its header has no \"eval\".");
        m_log.status = whole ? shortText(at(header, "status")) : "started";
        m_log.id = shortText(at(eval, "run_id"));
        m_log.task = shortText(at(eval, "task"));
        m_log.model = shortText(at(eval, "model"));
        m_log.specToml = textOf(at(at(eval, "metadata"), "experiment"));
        m_log.createdAt = timeOf(textOf(at(eval, "created")));
        m_log.endedAt = std::max(m_log.createdAt, timeOf(textOf(at(at(header, "stats"), "completed_at"))));
        return {};
    }

    Result<void> take(const Json& sample, const std::string& name)
    {
        if (!sample.is_object()) return wrong("has a sample that is no object: " + visible(name, 80) + ".");
        m_attachments = &at(sample, "attachments");
        events::EpisodeRecord episode;
        const Json& own = at(at(sample, "metadata"), "gradus");
        const std::string id = valueText(at(sample, "id"));
        const std::string epoch = valueText(at(sample, "epoch"));
        episode.key = own.is_object() ? shortText(at(own, "key")) : "inspect/" + id + "/" + epoch;
        if (id.empty() || episode.key.empty()) return wrong("has a sample without a name: " + visible(name, 80) + ".");
        if (!m_keys.insert(episode.key).second)
            return wrong("has two samples of one name: " + visible(episode.key, 80) + ".");
        episode.scenario = own.is_object() ? shortText(at(own, "scenario")) : m_log.task + " / " + id;
        const Json& generation = at(own, "generation");
        episode.generation = generation.is_number_integer()
                                 ? static_cast<int>(std::clamp<std::int64_t>(generation.get<std::int64_t>(), 0, 1000))
                                 : 1;
        for (const Json& message : at(sample, "messages"))
            episode.messages.push_back(messageOf(message));
        for (const events::EpisodeMessage& message : episode.messages)
            m_bytes += message.content.size() + message.detailsJson.size();
        if (m_bytes > m_bounds.bytes)
            return wrong("holds more than " + std::to_string(m_bounds.bytes >> 20) + " MiB of messages; split it.");
        verdicts(sample, own, episode);
        m_log.episodes.push_back(std::move(episode));
        return {};
    }

    std::string resolved(const std::string& text) const
    {
        if (!text.starts_with(kAttachment)) return text;
        const Json& found = at(*m_attachments, text.substr(kAttachment.size()).c_str());
        return found.is_string() ? found.get<std::string>() : text;
    }

    /// A text, or the texts of its parts.
    std::string contentOf(const Json& content) const
    {
        if (content.is_string()) return resolved(content.get<std::string>());
        std::string all;
        if (!content.is_array()) return all;
        for (const Json& part : content) {
            const std::string kind = textOf(at(part, "type"));
            std::string text = kind == "text" ? resolved(textOf(at(part, "text")))
                               : kind == "reasoning"
                                   ? "(reasoning) " + resolved(textOf(at(part, "reasoning")))
                                   : "(" + (kind.empty() ? std::string("something") : kind.substr(0, 40)) + ")";
            all += (all.empty() ? "" : "\n") + text;
        }
        return all;
    }

    events::EpisodeMessage messageOf(const Json& json) const
    {
        const Json& own = at(at(json, "metadata"), "gradus");
        events::EpisodeMessage message{
            .role = shortText(at(json, "role")), .content = contentOf(at(json, "content")), .detailsJson = {}};
        if (own.is_object()) {
            message.detailsJson = textOf(at(own, "details"));
            if (at(own, "role").is_string()) message.role = shortText(at(own, "role"));
            if (at(own, "base64").is_string())
                message.content = fromBase64(textOf(at(own, "base64"))).value_or(std::string());
            return message;
        }
        const Json& calls = at(json, "tool_calls");
        for (const Json& call : calls.is_array() ? calls : Json::array()) {
            const Json& arguments = at(call, "arguments");
            message.content += (message.content.empty() ? "" : "\n") + shortText(at(call, "function")) + " " +
                               resolved(arguments.dump(-1, ' ', false, Json::error_handler_t::replace));
            message.detailsJson =
                Json{{"tool", shortText(at(call, "function"))}}.dump(-1, ' ', false, Json::error_handler_t::replace);
        }
        const Json& error = at(json, "error");
        if (error.is_object())
            message.content += (message.content.empty() ? "" : "\n") + shortText(at(error, "type")) + ": " +
                               textOf(at(error, "message"));
        return message;
    }

    static void verdicts(const Json& sample, const Json& own, events::EpisodeRecord& episode)
    {
        const Json& scores = at(sample, "scores");
        const bool ours = own.is_object();
        if (ours) {
            episode.judge = shortText(at(own, "judge"));
            episode.verdict = shortText(at(own, "verdict"));
            episode.note = textOf(at(own, "note"));
            episode.safeBehaviour = textOf(at(own, "safe_behaviour"));
            episode.safeBehaviourSource = shortText(at(own, "safe_behaviour_by"));
            episode.hazardJson = textOf(at(own, "hazard"));
            if (at(own, "severity").is_number())
                episode.severity = std::clamp(at(own, "severity").get<double>(), 0.0, 1.0);
            if (episode.judge.empty()) episode.judge = nobody;
        }
        std::set<std::string> judges{episode.judge};
        if (scores.is_object())
            for (const auto& [name, score] : scores.items()) {
                const std::string judge = name.substr(0, mostName);
                const Json& value = at(score, "value");
                if (!ours && episode.judge.empty()) {
                    episode.judge = judge;
                    judges.insert(judge);
                    const std::string word = valueText(value);
                    episode.verdict = word == "C" ? "right" : word == "I" ? "wrong" : word;
                    episode.note = textOf(at(score, "explanation"));
                    continue;
                }
                if (!judges.insert(judge).second) continue;
                const Json& cited = at(at(score, "metadata"), "citations");
                const std::string note = cited.is_null() ? textOf(at(score, "explanation"))
                                         : cited.is_string()
                                             ? cited.get<std::string>()
                                             : cited.dump(-1, ' ', false, Json::error_handler_t::replace);
                episode.others.push_back(
                    {.judge = judge,
                     .verdict = ours ? shortText(at(score, "explanation")) : valueText(value),
                     .score = value.is_number() ? std::optional(value.get<double>()) : std::nullopt,
                     .note = note});
            }
        if (episode.judge.empty()) episode.judge = nobody;
    }

    std::string m_file;
    ReadBounds m_bounds;
    Log m_log;
    const Json* m_attachments = nullptr;
    std::set<std::string> m_keys;
    std::size_t m_bytes = 0;
};

} // namespace

Result<Log> readEval(const std::filesystem::path& file, const ReadBounds& bounds)
{
    const auto archive = Archive::open(file);
    if (!archive) return archive.error();
    return Reader(file, bounds).read(*archive);
}

} // namespace gradus::inspect
