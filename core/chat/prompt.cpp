// SPDX-License-Identifier: GPL-3.0-or-later
#include "chat/prompt.h"

#include "base/json_depth.h"

#include "text/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gradus::chat {

namespace {

std::string privateCharacter(unsigned code)
{
    return {static_cast<char>(0xE0U | code >> 12U), static_cast<char>(0x80U | (code >> 6U & 0x3FU)),
            static_cast<char>(0x80U | (code & 0x3FU))};
}

/// Every text of the request that others wrote.
std::vector<std::string*> foreignTexts(ChatRequest& request)
{
    std::vector<std::string*> all;
    for (ChatMessage& message : request.messages) {
        all.push_back(&message.content);
        all.push_back(&message.tool);
        for (ChatCall& call : message.calls) {
            all.push_back(&call.name);
            all.push_back(&call.argumentsJson);
        }
    }
    return all;
}

/// Escapes in JSON can hide a token from a search: what can be written plainly is.
std::string plainJson(const std::string& text)
{
    if (isJsonDeeper(text, kDeepestJson)) return text;
    const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
    if (json.is_discarded()) return text; // render() says so
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// A character of the private use area that stands in none of them.
std::string breakerFor(const std::vector<std::string*>& texts)
{
    for (unsigned code = 0xE000; code < 0xF8FF; ++code) {
        std::string breaker = privateCharacter(code);
        if (std::ranges::none_of(texts,
                                 [&](const std::string* text) { return text->find(breaker) != std::string::npos; }))
            return breaker;
    }
    return privateCharacter(0xF8FF);
}

/// The breaker inside of every special token, so that it is none any more.
void breakTokens(std::string& text, const std::vector<std::string>& tokens, const std::string& breaker)
{
    for (const std::string& token : tokens) {
        const std::size_t head = std::min(text::characterLength(token.front()), token.size());
        if (head == token.size()) continue; // of one character: it cannot be broken
        for (std::size_t at = text.find(token); at != std::string::npos; at = text.find(token, at)) {
            text.insert(at + head, breaker);
            at += token.size() + breaker.size();
        }
    }
}

} // namespace

Result<std::vector<text::Id>> promptIds(const ChatTemplate& chatTemplate, const text::Tokenizer& tokenizer,
                                        ChatRequest request)
{
    const text::SpecialTokens& specials = tokenizer.specials();
    request.bos = specials.bos;
    request.eos = specials.eos;
    request.pad = specials.pad;
    request.unk = specials.unk;
    const std::vector<std::string> tokens = tokenizer.specialTokens();
    for (ChatMessage& message : request.messages)
        for (ChatCall& call : message.calls)
            call.argumentsJson = plainJson(call.argumentsJson);
    const auto texts = foreignTexts(request);
    const std::string breaker = breakerFor(texts);
    for (std::string* text : texts)
        breakTokens(*text, tokens, breaker);
    const auto rendered = chatTemplate.render(request);
    if (!rendered) return rendered.error();
    std::vector<text::Id> ids;
    std::string_view rest = *rendered;
    while (true) {
        const std::size_t end = rest.find(breaker);
        const auto piece = tokenizer.encode(rest.substr(0, end), {.addSpecialTokens = false});
        ids.insert(ids.end(), piece.begin(), piece.end());
        if (end == std::string_view::npos) return ids;
        rest.remove_prefix(end + breaker.size());
    }
}

} // namespace gradus::chat
