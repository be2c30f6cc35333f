// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/prompting.h"

#include "base/trimmed.h"
#include "chat/prompt.h"

#include <algorithm>
#include <utility>

namespace gradus::pipeline {

namespace {

using engine::Tokens;

constexpr std::string_view kHuman = "\n\nHuman:";
constexpr std::string_view kAssistant = "\n\nAssistant:";
constexpr std::string_view kBlanks = " \n\t";

/// Without its first `bytes` bytes, or a few more: a character is not cut.
std::string withoutBeginning(const std::string& text, std::size_t bytes)
{
    while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U)
        ++bytes;
    return text.substr(std::min(bytes, text.size()));
}

} // namespace

std::vector<chat::ChatMessage> turnsOf(const std::string& text)
{
    std::vector<chat::ChatMessage> turns;
    const auto add = [&turns](const char* role, std::string_view content) {
        const std::string said(trimmed(content, kBlanks));
        if (said.empty()) return;
        if (!turns.empty() && turns.back().role == role) // templates want turns to alternate
            turns.back().content += "\n\n" + said;
        else
            turns.push_back({.role = role, .content = said});
    };
    const char* role = "user";
    std::size_t from = 0;
    for (std::size_t at = 0; (at = text.find("\n\n", at)) != std::string::npos; at += 2) {
        const std::string_view rest = std::string_view(text).substr(at);
        const bool human = rest.starts_with(kHuman);
        if (!human && !rest.starts_with(kAssistant)) continue;
        add(role, std::string_view(text).substr(from, at - from));
        role = human ? "user" : "assistant";
        from = at + (human ? kHuman : kAssistant).size();
    }
    add(role, std::string_view(text).substr(from));
    if (turns.empty()) turns.push_back({.role = "user", .content = {}});
    return turns;
}

Result<Prompting> Prompting::open(const std::filesystem::path& folder, const spec::Task& task)
{
    auto tokenizer = text::Tokenizer::open(folder);
    if (!tokenizer) return tokenizer.error();
    if (task.prompts != "chat") return Prompting(std::move(*tokenizer), std::nullopt);
    auto opened = chat::ChatTemplate::open(folder, false);
    const auto tried = opened ? chat::promptIds(*opened, *tokenizer, {.messages = turnsOf("a question")})
                              : Result<std::vector<text::Id>>(opened.error());
    if (!tried) {
        Error error = tried.error();
        error.key = "task.prompts";
        return error;
    }
    return Prompting(std::move(*tokenizer), std::move(*opened));
}

Asked Prompting::prompt(const std::string& text, std::size_t limit) const
{
    Asked asked = m_chat ? inTurns(turnsOf(text), limit)
                         : Asked{.tokens = m_tokenizer.encode(text, {.parseSpecialTokens = false})};
    Tokens& tokens = asked.tokens;
    if (tokens.empty()) tokens.push_back(0);
    if (tokens.size() <= limit) return asked;
    tokens.erase(tokens.begin(), tokens.end() - static_cast<std::ptrdiff_t>(limit));
    asked.cut = true;
    return asked;
}

Asked Prompting::inTurns(std::vector<chat::ChatMessage> turns, std::size_t limit) const
{
    for (bool cut = false;; cut = true) {
        const bool alone = turns.size() == 1;
        const auto ids = chat::promptIds(*m_chat, m_tokenizer, {.messages = turns});
        if (!ids && alone) return {}; // never: open() tried it
        std::string& last = turns.back().content;
        if (ids && (ids->size() <= limit || (alone && last.empty())))
            return {.tokens = {ids->begin(), ids->end()}, .cut = cut};
        if (alone)
            last = withoutBeginning(last, std::max(ids->size() - limit, last.size() / 50));
        else // the oldest turn; a template may also refuse turns that do not begin with a user's
            turns.erase(turns.begin());
    }
}

Tokens Prompting::answer(std::string_view text) const
{
    const std::string said = m_chat ? std::string(trimmed(text, kBlanks)) : std::string(text);
    return m_tokenizer.encode(said, {.addSpecialTokens = false, .parseSpecialTokens = false});
}

} // namespace gradus::pipeline
