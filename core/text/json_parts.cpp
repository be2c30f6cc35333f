// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/json_parts.h"

#include "base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gradus::text {

std::string typeOf(const nlohmann::json& part)
{
    if (!part.is_object() || !part.contains("type") || !part["type"].is_string()) return "nothing";
    return visible(part["type"].get<std::string>(), 60);
}

const nlohmann::json& partsOf(const nlohmann::json& part, const char* key)
{
    static const nlohmann::json nothing = nlohmann::json::array();
    const auto found = part.find(key);
    return found != part.end() && found->is_array() ? *found : nothing;
}

Result<std::string> textOf(const nlohmann::json& part, const char* key, const std::string& file)
{
    const auto found = part.find(key);
    if (found == part.end() || !found->is_string())
        return badInput(visible(file, 400) + ": a " + typeOf(part) + " has no text \"" + key +
                        "\"; fetch the tokenizer again.");
    return found->get<std::string>();
}

bool truthOf(const nlohmann::json& part, const char* key, bool otherwise)
{
    const auto found = part.find(key);
    return found != part.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

Result<std::string> literalPattern(const nlohmann::json& part, const std::string& file)
{
    const auto pattern = part.find("pattern");
    if (pattern == part.end() || !pattern->is_object() || !pattern->contains("String") ||
        !(*pattern)["String"].is_string() || (*pattern)["String"].get<std::string>().empty())
        return unsupported(file, "pattern of a " + typeOf(part), "regular expression");
    return (*pattern)["String"].get<std::string>();
}

Result<void> boundGrowth(std::size_t& growth, std::size_t from, std::size_t to, const std::string& file)
{
    const std::size_t times = std::max<std::size_t>(1, (to + from - 1) / from);
    if (times > kMostGrowth || growth * times > kMostGrowth)
        return unsupported(file, "replacement", "of a text by one that is hundreds of times longer");
    growth *= times;
    return {};
}

Error unsupported(const std::string& file, const std::string& what, const std::string& type)
{
    return badInput(visible(file, 400) + ": the " + what + " \"" + visible(type, 80) +
                    "\" is not supported; use a byte-level or SentencePiece-style BPE tokenizer.");
}

} // namespace gradus::text
