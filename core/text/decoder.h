// SPDX-License-Identifier: GPL-3.0-or-later
// From a sequence of tokens back to text, as the file's "decoder" says.
#pragma once

#include "base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace gradus::text {

/// Immutable; any thread may use it.
class TokenDecoder final
{
public:
    /// json: the file's "decoder", possibly null (tokens are joined by spaces then, as Hugging Face does).
    static Result<TokenDecoder> fromJson(const nlohmann::json& json, const std::string& file);
    /// tokens as written in the vocabulary.
    std::string decode(std::vector<std::string> tokens) const;

private:
    struct Step
    {
        enum class Kind
        {
            ByteLevel,
            Replace,
            ByteFallback,
            Fuse,
            Strip,
            Metaspace,
        };
        Kind kind = Kind::Fuse;
        std::string pattern = {};
        std::string content = {};
        int start = 0;
        int stop = 0;
        bool strips = true; ///< Metaspace: the prefix of the first token is left out
    };
    static Result<void> add(const nlohmann::json& json, const std::string& file, int depth, std::size_t& growth,
                            std::vector<Step>& steps);
    std::vector<Step> m_steps;
    bool m_spaced = false;
};

} // namespace gradus::text
