// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/dialogue.h"

#include "base/json_depth.h"

#include <nlohmann/json.hpp>

namespace gradus::data {

namespace {

using nlohmann::json;

constexpr const char* kHuman = "Human";
constexpr const char* kAssistant = "Assistant";

std::string speakerOf(const std::string& word)
{
    if (word == "user" || word == "human") return kHuman;
    if (word == "assistant" || word == "gpt" || word == "model") return kAssistant;
    if (word == "system") return "System";
    return word;
}

std::optional<Turn> turnOf(const json& message)
{
    if (!message.is_object()) return std::nullopt;
    for (const auto& [who, what] : {std::pair{"role", "content"}, {"from", "value"}}) {
        const auto role = message.find(who);
        const auto text = message.find(what);
        if (role != message.end() && text != message.end() && role->is_string() && text->is_string())
            return Turn{speakerOf(role->get<std::string>()), text->get<std::string>()};
    }
    return std::nullopt;
}

bool hasTurns(const std::string& text)
{
    return text.find("\n\nHuman:") != std::string::npos;
}

} // namespace

std::optional<std::vector<Turn>> readTurns(const std::string& cell)
{
    const std::size_t first = cell.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || (cell[first] != '[' && cell[first] != '{')) return std::nullopt;
    if (isJsonDeeper(cell)) return std::nullopt;
    const json parsed = json::parse(cell, nullptr, false);
    std::vector<Turn> turns;
    if (parsed.is_object()) {
        auto turn = turnOf(parsed);
        if (!turn) return std::nullopt;
        turns.push_back(std::move(*turn));
    } else if (parsed.is_array() && !parsed.empty()) {
        for (const json& message : parsed) {
            auto turn = turnOf(message);
            if (!turn) return std::nullopt;
            turns.push_back(std::move(*turn));
        }
    } else {
        return std::nullopt;
    }
    return turns;
}

std::string dialogueText(const std::vector<Turn>& turns)
{
    std::string text;
    for (const Turn& turn : turns)
        text += "\n\n" + turn.speaker + ": " + turn.text;
    return text;
}

std::string plainlyAnswered(const std::string& prompt, const std::string& answer)
{
    return dialogueText({{kHuman, prompt}, {kAssistant, answer}});
}

std::string answered(const std::optional<std::string>& prompt, const std::string& answer)
{
    const auto turns = readTurns(answer);
    if (turns && (!prompt || turns->front().speaker != kAssistant)) return dialogueText(*turns);
    if (!prompt || (!turns && !prompt->empty() && answer.starts_with(*prompt))) return answer;
    const auto asked = readTurns(*prompt);
    const std::string before = asked               ? dialogueText(*asked)
                               : hasTurns(*prompt) ? *prompt
                                                   : dialogueText({{kHuman, *prompt}});
    const std::string after = turns ? dialogueText(*turns) : dialogueText({{kAssistant, answer}});
    // A prompt that ends in "Assistant:" has begun the answer's turn itself.
    if (before.ends_with("\n\nAssistant:") && after.starts_with("\n\nAssistant:"))
        return before + after.substr(std::string("\n\nAssistant:").size());
    return before + after;
}

} // namespace gradus::data
