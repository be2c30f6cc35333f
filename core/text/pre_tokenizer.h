// SPDX-License-Identifier: GPL-3.0-or-later
// How a tokenizer.json cuts normalised text into the pieces that are then merged on their own.
#pragma once

#include "base/result.h"
#include "text/aligned_text.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gradus::text {

class SplitPattern;

struct PreTokenizerStep
{
    enum class Kind
    {
        Pattern,           ///< matches and what lies between them are pieces of their own
        MergedWithPrevious, ///< a piece ends with every literal
        Digits,            ///< every digit alone, or every run of them
        PrefixSpace,       ///< one space before text that begins with none
        Metaspace,         ///< spaces become literal; a piece begins with every one when splits is set
    };
    enum class Prefix
    {
        Always,
        First, ///< only at the very beginning of the caller's text
        Never,
    };
    Kind kind = Kind::Pattern;
    std::shared_ptr<const SplitPattern> pattern; ///< Pattern
    std::string literal;
    Prefix prefix = Prefix::Always;
    bool splits = true; ///< Metaspace: cut; Digits: each digit alone
};

/// Pieces as byte ranges of the text.
using Pieces = std::vector<std::pair<std::size_t, std::size_t>>;

/// Immutable; any thread may use it.
class PreTokenizer final
{
public:
    /// json: the file's "pre_tokenizer", possibly null. Kinds that we do not have are refused by name.
    static Result<PreTokenizer> fromJson(const nlohmann::json& json, const std::string& file);

    /// Cuts text (which may change: prefixes, spaces) into pieces. first: it begins the caller's text.
    void apply(AlignedText& text, bool first, Pieces& pieces) const;
    bool byteLevel() const { return m_byteLevel; }

private:
    Result<void> add(const nlohmann::json& json, const std::string& file, int depth);
    Result<void> addByteLevel(const nlohmann::json& json, const std::string& file);
    Result<void> addSplit(const nlohmann::json& json, const std::string& file);
    Result<void> addMetaspace(const nlohmann::json& json, const std::string& file);

    std::vector<PreTokenizerStep> m_steps;
    bool m_byteLevel = false;
};

} // namespace gradus::text
