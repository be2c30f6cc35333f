// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/transcript_file.h"

#include "base/files.h"
#include "base/json_depth.h"
#include "base/text.h"
#include "events/evidence.h"

#include <algorithm>
#include <memory>

#include <nlohmann/json.hpp>

namespace gradus::report {

namespace {

using nlohmann::ordered_json;

constexpr std::int64_t kPage = 2000; // messages read at once
constexpr int kLongLines = 40;       // of a message: more stand folded
constexpr std::size_t kDeepest = 16; // of JSON in details

constexpr const char* kPageHead = R"html(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
:root{color-scheme:light dark;--page:#fff;--text:#1a212c;--text2:#526070;--edge:#d6dbe2;--well:#f4f5f7;--user:#526070;--assistant:#2559c4;--call:#7a4fb5;--tool:#2f7d5b;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--page:#1a202a;--text:#e7ebf1;--text2:#a3afbd;--edge:#323d4c;--well:#12161d;--user:#a3afbd;--assistant:#79a6ff;--call:#c3a2f2;--tool:#7fd0a8;--bad:#ff8a80}}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 Inter,"Noto Sans","Segoe UI",sans-serif}
main{max-width:960px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:22px;line-height:1.3;margin:0 0 4px;overflow-wrap:anywhere}
p{margin:2px 0;overflow-wrap:anywhere}.quiet{color:var(--text2);font-size:13px}
section{border-left:3px solid var(--user);padding:2px 0 2px 12px;margin:14px 0}
section.assistant{border-color:var(--assistant)}section.call{border-color:var(--call)}section.tool{border-color:var(--tool)}section.verdict{border-color:var(--bad)}
h2{font-size:13px;margin:0 0 2px;color:var(--text2)}
pre{font:12px/1.45 "JetBrains Mono","DejaVu Sans Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0}
.call pre,.tool pre{background:var(--well);padding:8px;border-radius:4px}
summary{cursor:pointer;font-size:13px;color:var(--text2)}
</style>
)html";

/// Made visible first: an escape of ours must not become markup, and theirs must not hide.
std::string escaped(std::string_view untrusted)
{
    std::string text;
    for (const char c : visibleLines(untrusted))
        switch (c) {
        case '&':
            text += "&amp;";
            break;
        case '<':
            text += "&lt;";
            break;
        case '>':
            text += "&gt;";
            break;
        case '"':
            text += "&quot;";
            break;
        case '\'':
            text += "&#39;";
            break;
        default:
            text += c;
        }
    return text;
}

/// A note or details are JSON; what nests deeper than one of ours stays a text.
ordered_json noteOf(const std::string& text)
{
    const auto note = isJsonDeeper(text, kDeepest) ? ordered_json(text) : ordered_json::parse(text, nullptr, false);
    return note.is_discarded() ? ordered_json(text) : note;
}

ordered_json messageJson(const events::EpisodeMessage& message)
{
    ordered_json said{{"role", message.role}, {"content", message.content}};
    if (!message.detailsJson.empty()) said["details"] = noteOf(message.detailsJson);
    return said;
}

/// Everything but the messages.
ordered_json headJson(const events::EpisodeRecord& episode, const std::vector<store::VerdictRow>& others,
                      bool tellsVerdict)
{
    ordered_json json{{"episode", episode.key}, {"generation", episode.generation}, {"scenario", episode.scenario}};
    if (!tellsVerdict) return json;
    json["judge"] = episode.judge;
    json["verdict"] = episode.verdict;
    json["why"] = episode.note;
    if (episode.severity) json["severity"] = *episode.severity;
    if (!episode.safeBehaviour.empty()) {
        json["safe_behaviour"] = episode.safeBehaviour;
        json["safe_behaviour_by"] = episode.safeBehaviourSource;
    }
    for (const store::VerdictRow& other : others) {
        ordered_json said{{"judge", other.judge}, {"verdict", other.verdict}};
        said["note"] = other.isMonitor() ? noteOf(other.note) : ordered_json(other.note);
        if (other.score) said["score"] = *other.score;
        if (other.severity) said["severity"] = *other.severity;
        if (!other.safeBehaviour.empty()) said["safe_behaviour"] = other.safeBehaviour;
        said["changed_at"] = other.changedAt;
        json["others"].push_back(std::move(said));
    }
    return json;
}

std::string dumped(const ordered_json& json)
{
    return json.dump(2, ' ', true, ordered_json::error_handler_t::replace);
}

/// What is written, message by message.
class Form
{
public:
    virtual ~Form() = default;
    virtual void message(std::int64_t number, const events::EpisodeMessage& message) = 0;
    virtual std::string finished() = 0;
};

class JsonForm final : public Form
{
public:
    explicit JsonForm(const ordered_json& head) : m_text(dumped(head))
    {
        m_text.erase(m_text.rfind('\n')); // the brace that closes it
        m_text += ",\n  \"messages\": [";
    }
    void message(std::int64_t number, const events::EpisodeMessage& message) override
    {
        m_text += number == 0 ? "\n" : ",\n";
        m_text += messageJson(message).dump(-1, ' ', true, ordered_json::error_handler_t::replace);
    }
    std::string finished() override { return std::move(m_text) + "\n  ]\n}\n"; }

private:
    std::string m_text;
};

class PageForm final : public Form
{
public:
    PageForm(const events::EpisodeRecord& episode, const std::vector<store::VerdictRow>& others, std::int64_t messages,
             bool tellsVerdict)
        : m_text(kPageHead)
    {
        m_text += "<title>" + escaped(episode.key) + "</title></head><body><main>\n<h1>" + escaped(episode.scenario) +
                  "</h1>\n<p class=\"quiet\">" + escaped(episode.key) + ", generation " +
                  std::to_string(episode.generation) + ", " + counted(static_cast<std::size_t>(messages), "message") +
                  "</p>\n";
        if (!tellsVerdict) return;
        m_end = "<section class=\"verdict\"><h2>verdict: " + escaped(episode.verdict) + "</h2><p>" +
                escaped(episode.note) + "</p><p class=\"quiet\">by " + escaped(episode.judge) +
                ", never shown to the model</p>";
        if (episode.severity) m_end += "<p>severity " + numberText(*episode.severity) + "</p>";
        if (!episode.safeBehaviour.empty())
            m_end += "<p>taught instead: " + escaped(episode.safeBehaviour) + " (" +
                     escaped(episode.safeBehaviourSource) + ")</p>";
        m_end += "</section>\n";
        for (const store::VerdictRow& other : others) {
            m_end += "<section class=\"verdict\"><h2>" + escaped(other.judge) + ": " + escaped(other.verdict) + "</h2>";
            if (other.score) m_end += "<p class=\"quiet\">score " + fixedText(*other.score, 2) + "</p>";
            if (!other.note.empty()) m_end += "<pre>" + escaped(other.note) + "</pre>";
            m_end += "</section>\n";
        }
    }
    void message(std::int64_t number, const events::EpisodeMessage& message) override
    {
        const bool isCall = message.role == "assistant" && !message.detailsJson.empty();
        const char* look = isCall                        ? "call"
                           : message.role == "assistant" ? "assistant"
                           : message.role == "tool"      ? "tool"
                                                         : "other";
        const std::string place = std::to_string(number + 1);
        m_text += "<section id=\"m" + place + "\" class=\"" + look + "\"><h2>" +
                  (isCall ? "tool call" : escaped(message.role)) + ", " + place + "</h2>";
        const auto lines = std::count(message.content.begin(), message.content.end(), '\n') + 1;
        const std::string body = "<pre>" + escaped(message.content) + "</pre>";
        m_text += lines > kLongLines ? "<details><summary>" + counted(static_cast<std::size_t>(lines), "line") +
                                           "</summary>" + body + "</details>"
                                     : body;
        if (isCall) m_text += "<p class=\"quiet\">" + escaped(message.detailsJson) + "</p>";
        m_text += "</section>\n";
    }
    std::string finished() override { return std::move(m_text) + m_end + "</main></body></html>\n"; }

private:
    std::string m_text;
    std::string m_end;
};

} // namespace

std::string episodeJson(const events::EpisodeRecord& episode, const std::vector<store::VerdictRow>& others)
{
    ordered_json json = headJson(episode, others, true);
    for (const events::EpisodeMessage& message : episode.messages)
        json["messages"].push_back(messageJson(message));
    return dumped(json);
}

Result<std::vector<store::VerdictRow>> otherVerdicts(const store::StoreReader& reader, std::int64_t episodeId,
                                                     const std::string& ownJudge)
{
    auto verdicts = reader.verdicts(episodeId);
    if (verdicts) std::erase_if(*verdicts, [&](const store::VerdictRow& one) { return one.judge == ownJudge; });
    return verdicts;
}

Result<void> writeTranscript(const store::StoreReader& reader, std::int64_t episodeId,
                             const std::filesystem::path& file, bool tellsVerdict)
{
    const std::string ending = file.extension().string();
    if (ending != ".html" && ending != ".json")
        return badInput("A transcript is written as .html or .json, not '" + visible(ending, 40) +
                        "'; `gradus export --as inspect` writes all of a run's as .eval.");
    const auto start = reader.episodeStart(episodeId, 0);
    if (!start) return start.error();
    const events::EpisodeRecord& episode = start->episode;
    const auto others = otherVerdicts(reader, episodeId, episode.judge);
    if (!others) return others.error();
    std::unique_ptr<Form> form;
    if (ending == ".json")
        form = std::make_unique<JsonForm>(headJson(episode, *others, tellsVerdict));
    else
        form = std::make_unique<PageForm>(episode, *others, start->messages, tellsVerdict);
    for (std::int64_t first = 0; first < start->messages; first += kPage) {
        const auto page = reader.messages(episodeId, first, kPage);
        if (!page) return page.error();
        for (std::size_t i = 0; i < page->size(); ++i)
            form->message(first + static_cast<std::int64_t>(i), (*page)[i]);
    }
    return writeFileAtomically(file, form->finished());
}

} // namespace gradus::report
