// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/added_tokens.h"

#include "text/json_parts.h"
#include "text/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gradus::text {

Result<AddedTokens> AddedTokens::fromJson(const nlohmann::json& json, const std::string& file)
{
    AddedTokens made;
    if (json.is_null()) return made;
    if (!json.is_array()) return badInput(file + ": added_tokens is not a list; fetch the tokenizer again.");
    for (const nlohmann::json& entry : json) {
        const bool usable = entry.is_object() && entry.contains("id") && entry["id"].is_number_integer() &&
                            entry["id"] >= 0 && entry["id"] < (1 << 24) && entry.contains("content") &&
                            entry["content"].is_string() && !entry["content"].get<std::string>().empty();
        if (!usable)
            return badInput(file + ": added token " + std::to_string(made.m_tokens.size() + 1) +
                            " has no id or no content; fetch the tokenizer again.");
        AddedToken token{.content = entry["content"].get<std::string>(), .id = entry["id"].get<Id>()};
        token.special = truthOf(entry, "special", false);
        token.singleWord = truthOf(entry, "single_word", false);
        token.stripsLeft = truthOf(entry, "lstrip", false);
        token.stripsRight = truthOf(entry, "rstrip", false);
        token.normalised = truthOf(entry, "normalized", !token.special);
        made.m_any[token.normalised] = true;
        const std::size_t index = made.m_tokens.size();
        made.m_byId[token.id] = index;
        made.m_byFirst[static_cast<unsigned char>(token.content.front())].push_back(index);
        made.m_tokens.push_back(std::move(token));
    }
    for (auto& list : made.m_byFirst)
        std::ranges::stable_sort(list, [&](std::size_t a, std::size_t b) {
            return made.m_tokens[a].content.size() > made.m_tokens[b].content.size();
        });
    return made;
}

const AddedToken* AddedTokens::find(Id id) const
{
    const auto found = m_byId.find(id);
    return found == m_byId.end() ? nullptr : &m_tokens[found->second];
}

const AddedToken* AddedTokens::find(std::string_view content) const
{
    const auto found = std::ranges::find(m_tokens, content, &AddedToken::content);
    return found == m_tokens.end() ? nullptr : &*found;
}

const AddedToken* AddedTokens::longestAt(std::string_view text, std::size_t at, bool normalised, bool specials) const
{
    for (const std::size_t index : m_byFirst[static_cast<unsigned char>(text[at])]) {
        const AddedToken& token = m_tokens[index];
        if (token.normalised != normalised || (token.special && !specials)) continue;
        if (text.compare(at, token.content.size(), token.content) == 0) return &token;
    }
    return nullptr;
}

void AddedTokens::cut(std::string_view text, bool normalised, bool specials, std::vector<Stretch>& out) const
{
    std::size_t kept = 0;
    if (m_any[normalised])
        for (std::size_t at = 0; at < text.size();) {
            if (m_byFirst[static_cast<unsigned char>(text[at])].empty()) {
                ++at;
                continue;
            }
            const AddedToken* token = longestAt(text, at, normalised, specials);
            const std::size_t end = token == nullptr ? at + 1 : at + token->content.size();
            const bool inWord = token != nullptr && token->singleWord &&
                                (endsWord(text.substr(0, at)) || beginsWord(text.substr(end)));
            if (token == nullptr || inWord) {
                at = end;
                continue;
            }
            std::size_t first = at;
            std::size_t last = end;
            if (token->stripsLeft)
                while (first > kept && trailingSpace(text.substr(kept, first - kept)) > 0)
                    first -= trailingSpace(text.substr(kept, first - kept));
            if (token->stripsRight)
                while (leadingSpace(text.substr(last)) > 0)
                    last += leadingSpace(text.substr(last));
            if (first > kept) out.push_back({kept, first, nullptr});
            out.push_back({first, last, token});
            at = kept = last;
        }
    if (kept < text.size()) out.push_back({kept, text.size(), nullptr});
}

} // namespace gradus::text
