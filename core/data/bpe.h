// SPDX-License-Identifier: GPL-3.0-or-later
// Byte-level byte-pair encoding with GPT-2's split: trained here, written and read as a Hugging Face tokenizer.json.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gradus::data {

/// Ids 0..255 are the bytes, then one id a merge in the order learnt, then one end-of-text id, the last.
/// A value type; thread-safe for reading.
class Bpe final
{
public:
    using Id = std::int32_t;
    using Merge = std::pair<Id, Id>;
    static constexpr int kBytes = 256;
    static constexpr int kSmallestVocabulary = kBytes + 1;

    /// Learns merges from the texts until vocabulary ids exist or no pair occurs twice (the vocabulary is then
    /// smaller). Ties go to the pair with the smaller ids, so the result depends on the counts alone, not on the texts'
    /// order.
    static Bpe train(const std::vector<std::string_view>& texts, int vocabulary);

    /// At most text.size() ids; any bytes, valid UTF-8 or not. Never yields the end-of-text id.
    std::vector<Id> encode(std::string_view text) const;
    /// Inverse of encode for any bytes. End-of-text and ids outside the vocabulary give nothing.
    std::string decode(std::span<const Id> ids) const;

    int vocabulary() const { return static_cast<int>(m_pieces.size()) + 1; }
    Id endOfText() const { return static_cast<Id>(m_pieces.size()); }
    const std::vector<Merge>& merges() const { return m_merges; }

    /// The bytes of tokenizer.json; Hugging Face tokenizers splits and encodes with it as encode() does.
    std::string toJson() const;
    /// Reads what toJson wrote (merges as pairs or as "a b"). Anything else is refused by name; file is for messages.
    static Result<Bpe> fromJson(std::string_view json, const std::string& file);

private:
    explicit Bpe(std::vector<Merge> merges);
    void mergePiece(std::string_view piece, std::vector<Id>& out) const;

    struct TextHash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    std::vector<Merge> m_merges;
    std::vector<std::string> m_pieces;                 ///< id -> its bytes
    std::unordered_map<std::uint64_t, Id> m_mergedIds; ///< (left, right) packed -> id
    /// Pieces that merge to a single id, which most words of ordinary text are.
    std::unordered_map<std::string, Id, TextHash, std::equal_to<>> m_whole;
};

/// GPT-2's pre-tokenising split: contractions, letters, digits and other signs with at most one space before, and
/// white space. Concatenating the pieces gives the text; bytes that are not UTF-8 become pieces of their own.
std::vector<std::string_view> splitForBpe(std::string_view text);

} // namespace gradus::data
