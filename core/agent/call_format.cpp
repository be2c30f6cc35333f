// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/call_format.h"

#include "agent/fenced_calls.h"
#include "base/json_depth.h"
#include "base/text.h"
#include "base/trimmed.h"
#include "text/utf8.h"

#include <nlohmann/json.hpp>

#include <optional>

namespace gradus::agent {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kOpen = "<tool_call>";
constexpr std::string_view kClose = "</tool_call>";
constexpr std::string_view kBracket = "[TOOL_CALLS]";
constexpr std::string_view kArguments = "[ARGS]";
constexpr std::string_view kPython = "<|python_tag|>";
constexpr std::size_t kMostCalls = 32;

/// The object with which text begins: up to the brace that closes the first one. Empty if none does.
std::string_view firstObject(std::string_view text)
{
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && text[i] == '{')
            ++depth;
        else if (!quoted && text[i] == '}' && --depth == 0)
            return text.substr(0, i + 1);
        if (depth == 0) return {};
    }
    return {};
}

class Parser final
{
public:
    Reply reply;

    void fault(const std::string& sentence) { reply.faults.push_back(sentence); }

    /// An object with a name and arguments, or a list of them.
    void calls(std::string_view text)
    {
        const Json json =
            isJsonDeeper(text, kDeepestCall) ? Json(Json::value_t::discarded) : Json::parse(text, nullptr, false);
        if (json.is_discarded()) return fault("The call is not valid JSON.");
        if (!json.is_array()) return call(json);
        for (const Json& one : json)
            call(one);
    }

    void call(const Json& json)
    {
        if (reply.calls.size() >= kMostCalls) return fault("More than 32 calls in one message; make fewer at once.");
        if (!json.is_object() || !json.contains("name") || !json["name"].is_string())
            return fault("A call is an object with \"name\" and \"arguments\".");
        const char* key = json.contains("arguments") ? "arguments" : "parameters";
        Json arguments = json.contains(key) ? json[key] : Json::object();
        if (arguments.is_string()) { // some models write the object as a text
            const auto text = arguments.get<std::string>();
            arguments = isJsonDeeper(text, kDeepestCall) ? Json() : Json::parse(text, nullptr, false);
        }
        if (!arguments.is_object()) return fault("The arguments of a call are a JSON object.");
        reply.calls.push_back({.id = {}, .name = json["name"].get<std::string>(), .argumentsJson = dumped(arguments)});
    }

    static std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

    void tagged(std::string_view text)
    {
        std::size_t open = text.find(kOpen);
        reply.words += text.substr(0, open);
        while (open != std::string_view::npos) {
            std::string_view body = text.substr(open + kOpen.size());
            const std::size_t close = body.find(kClose);
            const std::size_t next = body.find(kOpen);
            const std::size_t end = std::min(close, next);
            calls(trimmed(body.substr(0, end)));
            if (close == std::string_view::npos && next == std::string_view::npos) return;
            open = next == std::string_view::npos ? next : open + kOpen.size() + next;
        }
    }

    void plain(std::string_view text)
    {
        std::string_view rest = trimmed(text);
        if (rest.starts_with(kPython)) rest = trimmed(rest.substr(kPython.size()));
        if (!rest.starts_with('{')) {
            reply.words += text;
            return;
        }
        while (rest.starts_with('{')) {
            const std::string_view object = firstObject(rest);
            if (object.empty()) return fault("The call is not valid JSON.");
            // An answer may be JSON too.
            const Json json = isJsonDeeper(object, kDeepestCall) ? Json() : Json::parse(object, nullptr, false);
            if (json.is_object() && !json.contains("name")) {
                reply.words += rest;
                return;
            }
            calls(object);
            rest = trimmed(rest.substr(object.size()));
            if (rest.starts_with(';')) rest = trimmed(rest.substr(1));
        }
        reply.words += rest;
    }

    void bracketed(std::string_view text)
    {
        std::size_t at = text.find(kBracket);
        reply.words += text.substr(0, at);
        while (at != std::string_view::npos) {
            const std::string_view rest = text.substr(at + kBracket.size());
            const std::size_t next = rest.find(kBracket);
            bracketedPart(trimmed(rest.substr(0, next)));
            at = next == std::string_view::npos ? next : at + kBracket.size() + next;
        }
    }

    void fenced(std::string_view text)
    {
        FencedReply blocks = fencedReply(text);
        if (blocks.calls.empty() && text.find(kOpen) != std::string_view::npos) { // some were taught the other form
            tagged(text);
            if (reply.calls.size() > 1) reply.later = reply.calls.size() - 1;
            reply.calls.resize(std::min(reply.calls.size(), std::size_t{1}));
            return;
        }
        reply.words = std::move(blocks.words);
        reply.calls = std::move(blocks.calls);
        reply.later = blocks.later;
        if (!blocks.fault.empty()) fault(blocks.fault);
    }

private:
    void bracketedPart(std::string_view part)
    {
        if (part.starts_with('[') || part.starts_with('{')) return calls(part);
        const std::size_t brace = part.find('{');
        if (brace == std::string_view::npos) return fault("A call has a name and a JSON object of arguments.");
        std::string_view name = trimmed(part.substr(0, brace));
        if (name.ends_with(kArguments)) name.remove_suffix(kArguments.size());
        name = trimmed(name);
        // The other forms come through JSON, which has no such bytes; no tool is called so.
        if (!gradus::text::isUtf8(name)) return fault("The name of a call is text in UTF-8.");
        const Json arguments =
            isJsonDeeper(part, kDeepestCall) ? Json() : Json::parse(part.substr(brace), nullptr, false);
        if (!arguments.is_object()) return fault("The arguments of a call are a JSON object.");
        call(Json{{"name", std::string(name)}, {"arguments", arguments}});
    }
};

} // namespace

std::string_view callFormatName(CallFormat format)
{
    switch (format) {
    case CallFormat::Tagged:
        return "tagged";
    case CallFormat::PlainJson:
        return "plain JSON";
    case CallFormat::Bracketed:
        return "bracketed";
    case CallFormat::Fenced:
        return "fenced";
    }
    return "";
}

CallFormat callFormatOf(std::string_view chatTemplate)
{
    if (chatTemplate.find(kOpen) != std::string_view::npos) return CallFormat::Tagged;
    if (chatTemplate.find(kBracket) != std::string_view::npos) return CallFormat::Bracketed;
    if (chatTemplate.find("ipython") != std::string_view::npos) return CallFormat::PlainJson;
    return describesTools(chatTemplate) ? CallFormat::Tagged : CallFormat::Fenced;
}

bool describesTools(std::string_view chatTemplate)
{
    return chatTemplate.find("tools") != std::string_view::npos;
}

Reply parseReply(std::string_view text, CallFormat format)
{
    Parser parser;
    const std::size_t thought = text.rfind("</think>");
    if (thought != std::string_view::npos) {
        parser.reply.words = text.substr(0, thought + 8);
        text.remove_prefix(thought + 8);
    }
    switch (format) {
    case CallFormat::Tagged:
        parser.tagged(text);
        break;
    case CallFormat::PlainJson:
        parser.plain(text);
        break;
    case CallFormat::Bracketed:
        parser.bracketed(text);
        break;
    case CallFormat::Fenced:
        parser.fenced(text);
        break;
    }
    parser.reply.words = trimmed(parser.reply.words);
    return std::move(parser.reply);
}

std::string writtenCalls(const std::vector<chat::ChatCall>& calls, CallFormat format)
{
    if (format == CallFormat::Fenced) return calls.empty() ? std::string() : fencedCall(calls.front());
    std::string made;
    for (const chat::ChatCall& call : calls) {
        const Json name = call.name;
        const std::string head = "{\"name\": " + Parser::dumped(name) + ", \"";
        switch (format) {
        case CallFormat::Tagged:
            made += std::string(made.empty() ? "" : "\n") + std::string(kOpen) + "\n" + head +
                    "arguments\": " + call.argumentsJson + "}\n" + std::string(kClose);
            break;
        case CallFormat::PlainJson:
            made += (made.empty() ? "" : "; ") + head + "parameters\": " + call.argumentsJson + "}";
            break;
        case CallFormat::Bracketed:
            made +=
                (made.empty() ? std::string(kBracket) + "[" : ", ") + head + "arguments\": " + call.argumentsJson + "}";
            break;
        case CallFormat::Fenced:
            break;
        }
    }
    if (format == CallFormat::Bracketed && !made.empty()) made += "]";
    return made;
}

} // namespace gradus::agent
