// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens that are found in the text itself, before anything is split or merged.
#pragma once

#include "base/result.h"
#include "text/bpe_model.h"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gradus::text {

struct AddedToken
{
    std::string content;
    Id id = 0;
    bool special = false;    ///< left out by decode() on request
    bool singleWord = false; ///< only between what are not letters, numbers or underscores
    bool stripsLeft = false; ///< takes white space before it
    bool stripsRight = false;
    bool normalised = false; ///< looked for in the normalised text
};

/// A stretch of text: an added token, or text between them (token null). Ranges are of the text that was searched.
struct Stretch
{
    std::size_t begin = 0;
    std::size_t end = 0;
    const AddedToken* token = nullptr;
};

/// Immutable once read; any thread may use it.
class AddedTokens final
{
public:
    static Result<AddedTokens> fromJson(const nlohmann::json& json, const std::string& file);

    const AddedToken* find(Id id) const;
    const AddedToken* find(std::string_view content) const;
    const std::vector<AddedToken>& all() const { return m_tokens; }

    /// Cuts text at the tokens with that value of normalised, leftmost and longest first. specials: whether special
    /// ones are looked for.
    void cut(std::string_view text, bool normalised, bool specials, std::vector<Stretch>& out) const;

private:
    const AddedToken* longestAt(std::string_view text, std::size_t at, bool normalised, bool specials) const;

    std::vector<AddedToken> m_tokens;
    std::unordered_map<Id, std::size_t> m_byId;
    std::array<std::vector<std::size_t>, 256> m_byFirst; ///< by first byte, longest first
    bool m_any[2] = {false, false};                      ///< some with that value of normalised
};

} // namespace gradus::text
