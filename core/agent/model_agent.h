// SPDX-License-Identifier: GPL-3.0-or-later
// A language model that can act: weights, tokenizer, chat template and the way its family writes calls.
#pragma once

#include "agent/call_format.h"
#include "base/result.h"
#include "chat/chat_template.h"
#include "engine/language_model.h"
#include "scenario/transcript.h"
#include "text/tokenizer.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::agent {

/// Owns the model. One thread at a time.
class ModelAgent final
{
public:
    /// A Hugging Face folder. Bad input: as LanguageModel::open, Tokenizer::open and ChatTemplate::open say; a
    /// tokenizer that is larger than the model.
    static Result<ModelAgent> open(const std::filesystem::path& folder);
    /// The folder's tokenizer and template with weights that were tuned since. name stands in provenances.
    static Result<ModelAgent> of(engine::LanguageModel model, const std::filesystem::path& folder, std::string name);

    const std::string& name() const { return m_name; }
    engine::LanguageModel& model() { return m_model; }
    const engine::LanguageModel& model() const { return m_model; }
    CallFormat format() const { return m_format; }
    /// The template does nothing with tools: they are told of in the system message (tool_words.h) and shown in a
    /// worked example before the task, and answers are a user's.
    bool toldInWords() const { return m_toldInWords; }
    /// Tokens that end a reply.
    const std::vector<std::int32_t>& stopIds() const { return m_stopIds; }

    /// How an episode begins.
    std::vector<chat::ChatMessage> opening(const std::string& system, const std::string& task) const;
    /// A reply with calls, and the answer to one of them, as the template takes them.
    std::vector<chat::ChatMessage> asMessages(const std::string& words, const std::vector<chat::ChatCall>& calls) const;
    chat::ChatMessage answer(const chat::ChatCall& call, const std::string& text) const;

    /// What the model reads before its next reply.
    Result<engine::Tokens> prompt(const std::vector<chat::ChatMessage>& messages) const;
    /// The same for a question that is none of an episode: no tools are told of.
    Result<engine::Tokens> question(const std::string& text) const;
    /// A reply's text: up to a stop token; a special token that opens no call ends it too, because nobody but the
    /// template begins turns.
    std::string textOf(const engine::Tokens& reply) const;
    /// The tokens of a reply that says this and ends.
    engine::Tokens replyOf(const std::string& text) const;

private:
    ModelAgent(engine::LanguageModel model, text::Tokenizer tokenizer, chat::ChatTemplate chatTemplate,
               std::string name);

    engine::LanguageModel m_model;
    text::Tokenizer m_tokenizer;
    chat::ChatTemplate m_template;
    std::string m_name;
    CallFormat m_format;
    bool m_toldInWords;
    bool m_systemInTask = false; ///< the template takes no system message
    std::vector<std::int32_t> m_stopIds;
};

/// What the model reads and should write to play a script: one prompt and reply a turn, with what the cell really
/// answered. records: of an episode that the script played, one a call.
Result<engine::Writings> lessonOf(const ModelAgent& agent, const std::string& system, const std::string& task,
                                  const std::vector<scenario::Record>& records, const std::string& says,
                                  std::size_t mostAnswerBytes);

} // namespace gradus::agent
