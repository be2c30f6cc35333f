// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/fenced_calls.h"

#include "base/json_depth.h"
#include "base/text.h"
#include "base/trimmed.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace gradus::agent {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShortestFence = 3;

std::string dumped(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// How many backticks a line begins with, behind at most three spaces; 0: it is no fence. Code within a line is none.
std::size_t fenceOf(std::string_view line)
{
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos || begin > 3) return 0;
    const std::size_t end = std::min(line.find_first_not_of('`', begin), line.size());
    if (line.find('`', end) != std::string_view::npos) return 0;
    return end - begin >= kShortestFence ? end - begin : 0;
}

struct Block
{
    std::size_t begin = 0; ///< of the opening fence's line
    std::size_t end = 0;   ///< behind the closing fence's line
    std::string_view word; ///< after the fence: "bash"
    std::string_view rest; ///< of that line
    std::string_view body; ///< with its last line end
    bool isClosed = false;
};

/// The line that begins at a place, without its end.
std::string_view lineAt(std::string_view text, std::size_t at)
{
    return text.substr(at, text.find('\n', at) - at);
}

/// The next block at or behind a place.
std::optional<Block> nextBlock(std::string_view text, std::size_t at)
{
    std::size_t fence = 0;
    while (at < text.size() && (fence = fenceOf(lineAt(text, at))) == 0)
        at += lineAt(text, at).size() + 1;
    if (at >= text.size()) return std::nullopt;
    Block block;
    block.begin = at;
    const std::string_view opening = lineAt(text, at);
    const std::string_view info = trimmed(opening.substr(opening.find('`') + fence));
    block.word = info.substr(0, info.find_first_of(" \t"));
    block.rest = trimmed(info.substr(block.word.size()));
    const std::size_t body = std::min(at + opening.size() + 1, text.size());
    for (at = body; at < text.size(); at += lineAt(text, at).size() + 1) {
        const std::string_view line = lineAt(text, at);
        if (fenceOf(line) < fence || !trimmed(line).substr(fenceOf(line)).empty()) continue;
        block.isClosed = true;
        block.body = text.substr(body, at - body);
        block.end = std::min(at + line.size() + 1, text.size());
        return block;
    }
    block.body = text.substr(body);
    block.end = text.size();
    return block;
}

chat::ChatCall callNamed(std::string name, const Json& arguments)
{
    return {.id = {}, .name = std::move(name), .argumentsJson = dumped(arguments)};
}

bool isShell(std::string_view word)
{
    return word == "bash" || word == "sh" || word == "shell";
}

/// An object with a name and arguments, as other families write it; nothing for any other data.
std::optional<chat::ChatCall> jsonCall(std::string_view body)
{
    if (isJsonDeeper(body, kDeepestCall)) return std::nullopt;
    const Json json = Json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("name") || !json["name"].is_string()) return std::nullopt;
    const char* key = json.contains("arguments") ? "arguments" : "parameters";
    if (!json.contains(key) || !json[key].is_object()) return std::nullopt;
    return callNamed(json["name"].get<std::string>(), json[key]);
}

bool isEmptyShell(const Block& block)
{
    return isShell(block.word) && trimmed(block.body).empty();
}

/// Of a closed block; nothing where it is no call.
std::optional<chat::ChatCall> callIn(const Block& block)
{
    if (isShell(block.word) && !isEmptyShell(block)) {
        const bool hasEnd = block.body.ends_with('\n');
        return callNamed("bash", {{"command", block.body.substr(0, block.body.size() - (hasEnd ? 1 : 0))}});
    }
    if (block.word == "read_file") return callNamed("read_file", {{"path", trimmed(block.body)}});
    if (block.word == "write_file") return callNamed("write_file", {{"path", block.rest}, {"content", block.body}});
    if (block.word == "json") return jsonCall(block.body);
    return std::nullopt;
}

bool beginsLikeCall(const Block& block)
{
    return isShell(block.word) || block.word == "read_file" || block.word == "write_file";
}

/// A fence that no line of the body can close.
std::string fenceAround(std::string_view body)
{
    std::size_t longest = kShortestFence - 1;
    for (std::size_t at = 0; at < body.size(); at += lineAt(body, at).size() + 1)
        longest = std::max(longest, fenceOf(lineAt(body, at)));
    return std::string(longest + 1, '`');
}

std::string blockOf(const std::string& info, std::string body)
{
    if (!body.ends_with('\n')) body += '\n';
    const std::string fence = fenceAround(body);
    return fence + info + "\n" + body + fence;
}

/// The plain form where the arguments have one.
std::string plainBlock(const chat::ChatCall& call, const Json& arguments)
{
    const auto text = [&](const char* key) {
        const auto found = arguments.find(key);
        return found != arguments.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (call.name == "bash") return blockOf("bash", text("command"));
    if (call.name == "read_file") return blockOf("read_file", text("path"));
    if (call.name == "write_file") return blockOf("write_file " + text("path"), text("content"));
    return {};
}

} // namespace

FencedReply fencedReply(std::string_view text)
{
    FencedReply reply;
    std::size_t at = 0;
    while (const auto block = nextBlock(text, at)) {
        at = block->end;
        auto call = block->isClosed ? callIn(*block) : std::nullopt;
        if (call && reply.calls.empty()) {
            reply.words = text.substr(0, block->begin);
            reply.calls.push_back(std::move(*call));
        } else if (call) {
            ++reply.later;
        } else if (reply.fault.empty() && !block->isClosed && beginsLikeCall(*block)) {
            reply.fault = "The block that begins with ```" + std::string(block->word) +
                          " has no end (```), so nothing of it was done.";
        } else if (reply.fault.empty() && isEmptyShell(*block)) {
            reply.fault = "The block is empty.";
        }
    }
    if (reply.calls.empty()) reply.words = text;
    if (!reply.calls.empty()) reply.fault.clear(); // what came behind the call is told of as a whole
    return reply;
}

std::string fencedCall(const chat::ChatCall& call)
{
    const Json arguments =
        isJsonDeeper(call.argumentsJson, kDeepestCall) ? Json() : Json::parse(call.argumentsJson, nullptr, false);
    const auto readsEqual = [&](const std::string& block) {
        const FencedReply again = fencedReply(block);
        return again.calls.size() == 1 && again.calls[0].name == call.name && again.words.empty() && again.later == 0 &&
               again.calls[0].argumentsJson == dumped(arguments);
    };
    if (arguments.is_object())
        if (std::string plain = plainBlock(call, arguments); !plain.empty() && readsEqual(plain)) return plain;
    const Json name = call.name;
    return blockOf("json", "{\"name\": " + dumped(name) + ", \"arguments\": " + call.argumentsJson + "}");
}

} // namespace gradus::agent
