// SPDX-License-Identifier: GPL-3.0-or-later
// The steps that a tokenizer.json may take before it splits text: NFC, a prefix, replacements.
#pragma once

#include "base/result.h"
#include "text/aligned_text.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace gradus::text {

struct NormaliserStep
{
    enum class Kind
    {
        Nfc,
        Prepend, ///< content before any text that is not empty
        Replace, ///< every pattern by content
    };
    Kind kind = Kind::Nfc;
    std::string pattern;
    std::string content;
};

/// Immutable; any thread may use it.
class Normaliser final
{
public:
    /// json: the file's "normalizer", possibly null. Kinds that we do not have are refused by name.
    static Result<Normaliser> fromJson(const nlohmann::json& json, const std::string& file);
    void apply(AlignedText& text) const;

private:
    std::vector<NormaliserStep> m_steps;
};

} // namespace gradus::text
