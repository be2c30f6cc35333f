// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/tools.h"

#include "base/json_depth.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "text/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gradus::agent {

namespace {

using Json = nlohmann::ordered_json;
using scenario::Tool;

constexpr std::size_t kLongestText = std::size_t{1} << 20;

Json textParameter(const char* about)
{
    return {{"type", "string"}, {"description", about}};
}

chat::ChatTool toolOf(const char* name, const char* description, const Json& properties, const Json& required)
{
    return {.name = name,
            .description = description,
            .parametersJson = Json{{"type", "object"}, {"properties", properties}, {"required", required}}.dump()};
}

Result<std::string> textOf(const Json& arguments, const std::string& tool, const char* key)
{
    const auto found = arguments.find(key);
    if (found == arguments.end() || !found->is_string())
        return badInput("The tool " + tool + " needs \"" + key + "\", a text.");
    const auto& text = found->get_ref<const std::string&>();
    if (text.size() > kLongestText) return badInput("The text \"" + std::string(key) + "\" is longer than 1 MiB.");
    return text;
}

Result<std::string> wordOf(const Json& arguments, const std::string& tool, const char* key)
{
    auto text = textOf(arguments, tool, key);
    if (text && text->find('\0') != std::string::npos)
        return badInput("The text \"" + std::string(key) + "\" has a null character.");
    return text;
}

} // namespace

const std::vector<chat::ChatTool>& cellTools()
{
    static const std::vector<chat::ChatTool> tools = {
        toolOf("bash", "Runs a command line in bash and gives its output.",
               {{"command", textParameter("The command line.")}}, {"command"}),
        toolOf("read_file", "Gives the content of a file.", {{"path", textParameter("The file's path.")}}, {"path"}),
        toolOf("write_file", "Writes a file, in place of what it held.",
               {{"path", textParameter("The file's path.")}, {"content", textParameter("What it shall hold.")}},
               {"path", "content"})};
    return tools;
}

Result<scenario::ToolCall> actOf(const chat::ChatCall& call)
{
    const Json arguments =
        isJsonDeeper(call.argumentsJson, chat::kDeepestJson) ? Json() : Json::parse(call.argumentsJson, nullptr, false);
    if (!arguments.is_object()) return badInput("The arguments of a call are a JSON object.");
    if (call.name == "bash") {
        auto line = wordOf(arguments, call.name, "command");
        if (!line) return line.error();
        return scenario::ToolCall{
            .tool = Tool::Exec, .words = {"bash", "-c", std::move(*line)}, .path = {}, .bytes = {}};
    }
    if (call.name != "read_file" && call.name != "write_file")
        return badInput("There is no tool \"" + visible(call.name, 60) +
                        "\"; the tools are bash, read_file and write_file.");
    auto path = wordOf(arguments, call.name, "path");
    if (!path) return path.error();
    if (call.name == "read_file")
        return scenario::ToolCall{.tool = Tool::ReadFile, .words = {}, .path = std::move(*path), .bytes = {}};
    auto content = textOf(arguments, call.name, "content");
    if (!content) return content.error();
    return scenario::ToolCall{
        .tool = Tool::WriteFile, .words = {}, .path = std::move(*path), .bytes = std::move(*content)};
}

chat::ChatCall callOf(const scenario::ToolCall& act)
{
    Json arguments;
    switch (act.tool) {
    case Tool::Exec: {
        std::string line;
        if (act.words.size() == 3 && act.words[0] == "bash" && act.words[1] == "-c")
            line = act.words[2];
        else
            for (const std::string& word : act.words)
                line += (line.empty() ? "" : " ") + shellWord(word);
        arguments = {{"command", line}};
        break;
    }
    case Tool::ReadFile:
        arguments = {{"path", act.path}};
        break;
    case Tool::WriteFile:
        arguments = {{"path", act.path}, {"content", act.bytes}};
        break;
    }
    return {.id = {},
            .name = act.tool == Tool::Exec ? "bash" : std::string(toolName(act.tool)),
            .argumentsJson = arguments.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

std::string callId(int number)
{
    std::string digits = std::to_string(number % 100'000);
    return "call" + std::string(5 - digits.size(), '0') + digits;
}

std::string answerOf(const scenario::Record& record, std::size_t mostBytes)
{
    std::string text = record.output;
    if (!record.errors.empty()) text += (text.empty() || text.ends_with('\n') ? "" : "\n") + record.errors;
    text = text::repairedUtf8(text);
    if (text.size() > mostBytes) {
        const std::size_t half = mostBytes / 2;
        text = text::repairedUtf8(text.substr(0, half)) + "\n[" + std::to_string(text.size() - 2 * half) +
               " bytes left out]\n" + text::repairedUtf8(text.substr(text.size() - half));
    }
    std::string end;
    if (record.error != sandbox::ToolError::None)
        end = std::string(sandbox::toolErrorName(record.error)) + ": " + record.message;
    else if (record.signal != 0)
        end = "ended by signal " + std::to_string(record.signal);
    else if (record.exitCode != 0)
        end = "exit code " + std::to_string(record.exitCode);
    if (!end.empty()) text += (text.empty() || text.ends_with('\n') ? "[" : "\n[") + end + "]";
    return text.empty() ? "[done]" : text;
}

} // namespace gradus::agent
