// SPDX-License-Identifier: GPL-3.0-or-later
// How a model folder is asked for text: in plain words, or in turns of its own chat template (task.prompts).
#pragma once

#include "base/result.h"
#include "chat/chat_template.h"
#include "engine/tuning.h"
#include "spec/experiment.h"
#include "text/tokenizer.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace gradus::pipeline {

/// A prompt, and whether it lost its beginning to the limit.
struct Asked
{
    engine::Tokens tokens;
    bool cut = false;
};

/// Text of a data set is text: nothing in it ends a turn, and in a chat it cannot open one. One thread, as a tokenizer.
class Prompting final
{
public:
    /// Bad input, key "task.prompts": a chat is asked for, and the folder has no template or one that refuses a user's
    /// turn.
    static Result<Prompting> open(const std::filesystem::path& folder, const spec::Task& task);

    /// At most `limit` tokens, one or more. Text that is too long loses its beginning: of a chat the turns before the
    /// last one, then that one's.
    Asked prompt(const std::string& text, std::size_t limit) const;
    /// What stands behind a prompt, as it would be written there; no more than that.
    engine::Tokens answer(std::string_view text) const;

private:
    Asked inTurns(std::vector<chat::ChatMessage> turns, std::size_t limit) const;

    Prompting(text::Tokenizer tokenizer, std::optional<chat::ChatTemplate> chat)
        : m_tokenizer(std::move(tokenizer)), m_chat(std::move(chat))
    {
    }

    text::Tokenizer m_tokenizer;
    std::optional<chat::ChatTemplate> m_chat; ///< none: plain words
};

/// The turns of "\n\nHuman: …\n\nAssistant: …"; text without such turns is one turn of a user's. An open turn of the
/// assistant's at the end is left out: the answer is its content.
std::vector<chat::ChatMessage> turnsOf(const std::string& text);

} // namespace gradus::pipeline
