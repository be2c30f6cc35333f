// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/chat_answer.h"

#include "base/json_depth.h"

#include <nlohmann/json.hpp>

namespace gradus::agent {

std::optional<std::string> chatAnswer(std::string_view body)
{
    if (isJsonDeeper(body)) return std::nullopt;
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("choices") || !json["choices"].is_array() || json["choices"].empty())
        return std::nullopt;
    const auto& first = json["choices"][0];
    if (!first.is_object() || !first.contains("message") || !first["message"].is_object()) return std::nullopt;
    for (const char* key : {"content", "refusal"})
        if (const auto text = first["message"].find(key); text != first["message"].end() && text->is_string())
            return text->get<std::string>();
    return std::nullopt;
}

} // namespace gradus::agent
