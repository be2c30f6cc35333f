// SPDX-License-Identifier: GPL-3.0-or-later
// Vocabulary and merges of a tokenizer.json, and how a piece becomes ids.
#pragma once

#include "base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gradus::text {

using Id = std::int32_t;

/// U+2581, which SentencePiece writes for a space.
inline constexpr std::string_view kSpaceMark = "\xE2\x96\x81";

/// One symbol of a piece: its id and how many bytes of the piece it stands for.
struct Symbol
{
    Id id = 0;
    std::uint32_t bytes = 0;
};

/// Immutable; any thread may use it. Byte-level vocabularies are kept as the bytes that their printable stand-ins mean.
class BpeModel final
{
public:
    /// json: the file's "model". Refused by name: other models, dropout, prefixes and suffixes of words, merges that
    /// name unknown tokens, ids that are not 0 .. n-1 without holes that matter (at most 2^24).
    static Result<BpeModel> fromJson(const nlohmann::json& json, bool byteLevel, const std::string& file);

    /// Appends the piece's symbols; the bytes sum to the piece's.
    void encode(std::string_view piece, std::vector<Symbol>& out) const;

    /// The token as it is written in the file (byte-level stand-ins and all); empty if there is none.
    std::string_view token(Id id) const;
    /// The bytes that the token means in a byte-level vocabulary; else the token.
    std::string_view bytes(Id id) const;
    std::optional<Id> idOf(std::string_view token) const;
    /// Whether no merge reaches over the place before a space mark that follows something else: then the parts of a
    /// piece on both sides of it become the same ids alone. Always false for byte-level vocabularies.
    bool keepsApartAtMarks() const
    {
        return !m_byteLevel && !m_ignoreMerges && m_keepsApart && m_ids.contains(kSpaceMark);
    }
    int size() const { return static_cast<int>(m_tokens.size()); }

private:
    struct Slot ///< of the table of merges: open addressing, never full
    {
        std::uint64_t key = kEmpty;
        std::uint32_t rank = 0;
        Id merged = 0;
    };
    static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};
    struct TextHash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    using Ids = std::unordered_map<std::string, Id, TextHash, std::equal_to<>>;

    const Slot* find(Id left, Id right) const;
    void insert(Id left, Id right, std::uint32_t rank, Id merged);
    void split(std::string_view piece, std::vector<Symbol>& symbols) const;
    void unknown(std::string_view character, std::vector<Symbol>& symbols) const;
    void mergeShort(std::vector<Symbol>& symbols, std::size_t begin) const;
    void mergeLong(std::vector<Symbol>& symbols, std::size_t begin) const;
    Result<void> readVocabulary(const nlohmann::json& json, const std::string& file);
    Result<void> readMerges(const nlohmann::json& json, const std::string& file);

    bool m_byteLevel = false;
    bool m_byteFallback = false;
    bool m_keepsApart = true;
    bool m_fuseUnknown = false;
    bool m_ignoreMerges = false;
    std::optional<Id> m_unknown;
    std::vector<std::string> m_tokens; ///< as written
    std::vector<std::string> m_bytes;  ///< byte-level only
    Ids m_ids;                         ///< as written
    Ids m_wholes;                      ///< by bytes, when merges may be ignored
    std::array<Id, 256> m_byteIds{};   ///< id of a single byte (byte-level) or of <0xXX> (fallback); -1: none
    std::vector<Slot> m_merges;
};

/// The printable characters that stand for bytes in byte-level vocabularies (published with GPT-2), as UTF-8.
const std::array<std::string, 256>& byteStandIns();
/// Back to bytes; nothing when a character stands for none.
std::optional<std::string> bytesOfStandIns(std::string_view token);

} // namespace gradus::text
