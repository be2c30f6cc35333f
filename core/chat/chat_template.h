// SPDX-License-Identifier: GPL-3.0-or-later
// A model folder's chat template: messages and tools in, the text of a prompt out. The language is the part of Jinja
// that the templates of Qwen2, Qwen3, Llama 3, Mistral and SmolLM2 are written in, with the white space rules that they
// expect; what is beyond it is refused by its name and line. A template is a stranger's program: it runs at most
// 4,000,000 steps and makes at most 64 MiB of text, and has no clock, no files and no Python.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::chat {

/// A call of a tool that an assistant made.
struct ChatCall
{
    std::string id; ///< nine letters and digits: Mistral's templates ask for that
    std::string name;
    std::string argumentsJson; ///< an object
};

struct ChatMessage
{
    std::string role; ///< "system", "user", "assistant" or "tool"
    std::string content;
    std::vector<ChatCall> calls = {}; ///< of an assistant
    std::string tool = {};            ///< of a tool: its name
    std::string callId = {};          ///< of a tool: the call it answers
};

struct ChatTool
{
    std::string name;
    std::string description;
    std::string parametersJson; ///< a JSON Schema of its arguments
};

struct ChatRequest
{
    std::vector<ChatMessage> messages = {};
    std::vector<ChatTool> tools = {};
    bool addGenerationPrompt = true;
    std::string bos = {}; ///< the texts of these tokens, empty where a model has none
    std::string eos = {};
    std::string pad = {};
    std::string unk = {};
};

/// Immutable; any number of threads.
class ChatTemplate final
{
public:
    /// chat_template.jinja, else chat_template of tokenizer_config.json: one text, or a list of named ones, of which
    /// "tool_use" is taken if tools are wanted and "default" else. Bad input where there is none.
    static Result<ChatTemplate> open(const std::filesystem::path& folder, bool tools);
    /// `file` stands in messages.
    static Result<ChatTemplate> parse(std::string_view source, const std::string& file);
    ~ChatTemplate();
    ChatTemplate(ChatTemplate&&) noexcept;
    ChatTemplate& operator=(ChatTemplate&&) noexcept;

    /// Bad input: what the template refuses, what it asks for and is not there, arguments that are no JSON objects.
    Result<std::string> render(const ChatRequest& request) const;
    /// The same with any variables, a JSON object.
    Result<std::string> renderJson(std::string_view variables) const;
    const std::string& source() const;

private:
    struct Impl;
    explicit ChatTemplate(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

inline constexpr std::size_t kDeepestJson = 60; ///< of everything a template is filled with

} // namespace gradus::chat
