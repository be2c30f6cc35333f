// SPDX-License-Identifier: GPL-3.0-or-later
#include "chat/chat_template.h"

#include "base/files.h"
#include "base/json_depth.h"
#include "base/text.h"
#include "chat/interpreter.h"
#include "chat/syntax.h"

#include <nlohmann/json.hpp>

namespace gradus::chat {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLargestFile = std::size_t{16} << 20;

Result<Json> objectOf(std::string_view text, const std::string& what)
{
    Json json = isJsonDeeper(text, kDeepestJson) ? Json() : Json::parse(text, nullptr, false);
    if (!json.is_object()) return badInput(what + " is not a JSON object of at most 60 levels.");
    return json;
}

Result<Json> callsJson(const ChatMessage& message)
{
    Json calls = Json::array();
    for (const ChatCall& call : message.calls) {
        auto arguments = objectOf(call.argumentsJson, "The arguments of a call");
        if (!arguments) return arguments.error();
        calls.push_back({{"id", call.id},
                         {"type", "function"},
                         {"function", {{"name", call.name}, {"arguments", std::move(*arguments)}}}});
    }
    return calls;
}

Result<Json> messagesJson(const std::vector<ChatMessage>& messages)
{
    Json all = Json::array();
    for (const ChatMessage& message : messages) {
        Json one{{"role", message.role}, {"content", message.content}};
        if (!message.calls.empty()) {
            auto calls = callsJson(message);
            if (!calls) return calls;
            one["tool_calls"] = std::move(*calls);
        }
        if (!message.tool.empty()) one["name"] = message.tool;
        if (!message.callId.empty()) one["tool_call_id"] = message.callId;
        all.push_back(std::move(one));
    }
    return all;
}

Result<Json> toolsJson(const std::vector<ChatTool>& tools)
{
    if (tools.empty()) return Json();
    Json all = Json::array();
    for (const ChatTool& tool : tools) {
        auto parameters = objectOf(tool.parametersJson, "The parameters of the tool " + visible(tool.name, 40));
        if (!parameters) return parameters;
        all.push_back(
            {{"type", "function"},
             {"function",
              {{"name", tool.name}, {"description", tool.description}, {"parameters", std::move(*parameters)}}}});
    }
    return all;
}

/// chat_template of tokenizer_config.json.
Result<std::string> configured(const std::filesystem::path& folder, bool tools)
{
    const std::filesystem::path file = folder / "tokenizer_config.json";
    const Error none =
        badInput(visible(folder.string(), 400) + " has no chat template, so that nobody can talk with this model; use "
                                                 "an instruction-tuned model, or put a chat_template.jinja beside it.");
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return none;
    const auto text = readFile(file, kLargestFile);
    if (!text) return text.error();
    const auto config = objectOf(*text, file.string());
    if (!config) return config.error();
    const auto found = config->find("chat_template");
    if (found == config->end() || found->is_null()) return none;
    if (found->is_string()) return found->get<std::string>();
    std::string otherwise;
    if (found->is_array())
        for (const Json& one : *found) {
            if (!one.is_object() || !one.contains("name") || !one["name"].is_string() || !one.contains("template") ||
                !one["template"].is_string())
                continue;
            const std::string& name = one["name"].get_ref<const std::string&>();
            if (tools && name == "tool_use") return one["template"].get<std::string>();
            if (name == "default") otherwise = one["template"].get<std::string>();
        }
    if (otherwise.empty())
        return badInput(visible(file.string(), 400) +
                        ": chat_template is neither a text nor a list with a \"default\"; fetch the "
                        "tokenizer again.");
    return otherwise;
}

} // namespace

struct ChatTemplate::Impl
{
    std::vector<Statement> statements;
    std::string source;
    std::string file;
};

ChatTemplate::ChatTemplate(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
ChatTemplate::~ChatTemplate() = default;
ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;
ChatTemplate& ChatTemplate::operator=(ChatTemplate&&) noexcept = default;

Result<ChatTemplate> ChatTemplate::parse(std::string_view source, const std::string& file)
{
    auto statements = parseTemplate(source, file);
    if (!statements) return statements.error();
    return ChatTemplate(std::make_unique<Impl>(Impl{std::move(*statements), std::string(source), file}));
}

Result<ChatTemplate> ChatTemplate::open(const std::filesystem::path& folder, bool tools)
{
    const std::filesystem::path file = folder / "chat_template.jinja";
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) {
        const auto text = readFile(file, kLargestFile);
        if (!text) return text.error();
        return parse(*text, file.string());
    }
    const auto text = configured(folder, tools);
    if (!text) return text.error();
    return parse(*text, (folder / "tokenizer_config.json").string());
}

Result<std::string> ChatTemplate::renderJson(std::string_view variables) const
{
    const auto json = objectOf(variables, "What the chat template is filled with");
    if (!json) return json.error();
    try {
        const Value value = Value::fromJson(*json);
        return runTemplate(m_impl->statements, *value.asMap());
    } catch (const Fault& fault) {
        return templateError(m_impl->file, fault);
    }
}

Result<std::string> ChatTemplate::render(const ChatRequest& request) const
{
    auto messages = messagesJson(request.messages);
    if (!messages) return messages.error();
    auto tools = toolsJson(request.tools);
    if (!tools) return tools.error();
    const Json variables{{"messages", std::move(*messages)},
                         {"tools", std::move(*tools)},
                         {"documents", nullptr},
                         {"add_generation_prompt", request.addGenerationPrompt},
                         {"bos_token", request.bos},
                         {"eos_token", request.eos},
                         {"pad_token", request.pad},
                         {"unk_token", request.unk}};
    return renderJson(variables.dump(-1, ' ', false, Json::error_handler_t::replace));
}

const std::string& ChatTemplate::source() const
{
    return m_impl->source;
}

} // namespace gradus::chat
