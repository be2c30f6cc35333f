// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/model_agent.h"

#include "agent/tool_words.h"
#include "agent/tools.h"
#include "base/text.h"
#include "chat/prompt.h"
#include "text/model_tokenizer.h"

#include <algorithm>
#include <array>

namespace gradus::agent {

namespace {

/// Tokens by which the families end a turn, whatever config.json says of them.
constexpr std::array<const char*, 8> kTurnEnds = {"<|im_end|>",      "<|endoftext|>", "<|eot_id|>",    "<|eom_id|>",
                                                  "<|end_of_text|>", "</s>",          "<end_of_turn>", "<|end|>"};
constexpr std::array<std::string_view, 4> kCallOpeners = {"[TOOL_CALLS]", "[ARGS]", "<|python_tag|>", "<tool_call>"};

std::string folderName(const std::filesystem::path& folder)
{
    const std::filesystem::path path = folder.has_filename() ? folder : folder.parent_path();
    return path.filename().string();
}

} // namespace

ModelAgent::ModelAgent(engine::LanguageModel model, text::Tokenizer tokenizer, chat::ChatTemplate chatTemplate,
                       std::string name)
    : m_model(std::move(model)), m_tokenizer(std::move(tokenizer)), m_template(std::move(chatTemplate)),
      m_name(std::move(name)), m_format(callFormatOf(m_template.source())),
      m_toldInWords(!describesTools(m_template.source())), m_stopIds(m_model.endIds())
{
    const auto add = [&](std::string_view token) {
        const auto id = m_tokenizer.idOf(token);
        if (id && std::ranges::find(m_stopIds, *id) == m_stopIds.end()) m_stopIds.push_back(*id);
    };
    for (const char* token : kTurnEnds)
        add(token);
    if (const std::string& eos = m_tokenizer.specials().eos; !eos.empty()) add(eos);
    // Some families (Gemma) refuse a system message; its words go before the task's then.
    const chat::ChatRequest trial{.messages = {{.role = "system", .content = "s"}, {.role = "user", .content = "u"}}};
    m_systemInTask = !m_template.render(trial).ok();
}

Result<ModelAgent> ModelAgent::open(const std::filesystem::path& folder)
{
    auto model = engine::LanguageModel::open(folder);
    if (!model) return model.error();
    return of(std::move(*model), folder, folderName(folder));
}

Result<ModelAgent> ModelAgent::of(engine::LanguageModel model, const std::filesystem::path& folder, std::string name)
{
    auto tokenizer = text::modelTokenizer(folder, model.shape().vocabularySize);
    if (!tokenizer) return tokenizer.error();
    auto chatTemplate = chat::ChatTemplate::open(folder, true);
    if (!chatTemplate) return chatTemplate.error();
    ModelAgent agent(std::move(model), std::move(*tokenizer), std::move(*chatTemplate), std::move(name));
    // What a template cannot do shows at the first prompt; here it costs nothing yet.
    if (const auto prompt = agent.prompt(agent.opening("", "Hello.")); !prompt) return prompt.error();
    return agent;
}

std::vector<chat::ChatMessage> ModelAgent::opening(const std::string& system, const std::string& task) const
{
    std::string head = system;
    if (m_toldInWords) head += (head.empty() ? "" : "\n\n") + wordsAboutTools(m_format);
    std::vector<chat::ChatMessage> messages;
    if (!head.empty() && !m_systemInTask) messages.push_back({.role = "system", .content = head});
    const std::size_t first = messages.size();
    if (m_toldInWords)
        for (chat::ChatMessage& message : demonstration(m_format))
            messages.push_back(std::move(message));
    messages.push_back({.role = "user", .content = task});
    if (!head.empty() && m_systemInTask) messages[first].content = head + "\n\n" + messages[first].content;
    return messages;
}

std::vector<chat::ChatMessage> ModelAgent::asMessages(const std::string& words,
                                                      const std::vector<chat::ChatCall>& calls) const
{
    if (!m_toldInWords || calls.empty()) return {{.role = "assistant", .content = words, .calls = calls}};
    return {{.role = "assistant", .content = words + (words.empty() ? "" : "\n") + writtenCalls(calls, m_format)}};
}

chat::ChatMessage ModelAgent::answer(const chat::ChatCall& call, const std::string& text) const
{
    if (m_toldInWords) return {.role = "user", .content = answerInWords(m_format, text)};
    return {.role = "tool", .content = text, .calls = {}, .tool = call.name, .callId = call.id};
}

Result<engine::Tokens> ModelAgent::prompt(const std::vector<chat::ChatMessage>& messages) const
{
    chat::ChatRequest request{.messages = messages};
    if (!m_toldInWords) request.tools = cellTools();
    return chat::promptIds(m_template, m_tokenizer, std::move(request));
}

Result<engine::Tokens> ModelAgent::question(const std::string& text) const
{
    return chat::promptIds(m_template, m_tokenizer, {.messages = {{.role = "user", .content = text}}});
}

std::string ModelAgent::textOf(const engine::Tokens& reply) const
{
    engine::Tokens kept;
    for (const std::int32_t id : reply) {
        if (std::ranges::find(m_stopIds, id) != m_stopIds.end()) break;
        const std::vector<text::Id> one = {id};
        const bool special = m_tokenizer.decode(one, true).empty() && !m_tokenizer.decode(one, false).empty();
        if (special && std::ranges::find(kCallOpeners, m_tokenizer.decode(one, false)) == kCallOpeners.end()) break;
        kept.push_back(id);
    }
    return m_tokenizer.decode(kept, false);
}

engine::Tokens ModelAgent::replyOf(const std::string& text) const
{
    engine::Tokens reply = m_tokenizer.encode(text, {.addSpecialTokens = false});
    const auto end = m_tokenizer.idOf(m_tokenizer.specials().eos);
    if (end)
        reply.push_back(*end);
    else if (!m_stopIds.empty())
        reply.push_back(m_stopIds.front());
    return reply;
}

Result<engine::Writings> lessonOf(const ModelAgent& agent, const std::string& system, const std::string& task,
                                  const std::vector<scenario::Record>& records, const std::string& says,
                                  std::size_t mostAnswerBytes)
{
    std::vector<chat::ChatMessage> messages = agent.opening(system, task);
    engine::Writings lesson;
    for (std::size_t i = 0; i <= records.size(); ++i) {
        auto before = agent.prompt(messages);
        if (!before) return before.error();
        std::vector<chat::ChatCall> calls;
        if (i < records.size()) calls.push_back(callOf(records[i].call));
        for (chat::ChatCall& call : calls)
            call.id = callId(static_cast<int>(i));
        lesson.responses.push_back(agent.replyOf(calls.empty() ? says : writtenCalls(calls, agent.format())));
        for (chat::ChatMessage& message : agent.asMessages(calls.empty() ? says : "", calls))
            messages.push_back(std::move(message));
        lesson.prompts.push_back(std::move(*before));
        if (i < records.size()) messages.push_back(agent.answer(calls.front(), answerOf(records[i], mostAnswerBytes)));
    }
    return lesson;
}

} // namespace gradus::agent
