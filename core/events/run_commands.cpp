// SPDX-License-Identifier: GPL-3.0-or-later
#include "events/run_commands.h"

#include <nlohmann/json.hpp>

namespace gradus::events {

using Json = nlohmann::json;

RunEvent commandEvent(const char* kind, const CommandNote& note, int generation, std::int64_t step,
                      std::string sentence)
{
    Json details{{"command", note.id}, {"verb", note.verb}};
    if (!note.payload.empty()) details["payload"] = note.payload;
    if (note.isExtraPoint) details["extra"] = true;
    return {.kind = kind,
            .generation = generation,
            .step = step,
            .sentence = std::move(sentence),
            .detailsJson = details.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

std::optional<CommandNote> commandOf(const std::string& detailsJson)
{
    const Json details = Json::parse(detailsJson, nullptr, false);
    if (!details.is_object()) return std::nullopt;
    const auto id = details.find("command");
    const auto verb = details.find("verb");
    if (id == details.end() || !id->is_number_integer() || verb == details.end() || !verb->is_string())
        return std::nullopt;
    CommandNote note{.id = id->get<std::int64_t>(), .verb = verb->get<std::string>()};
    if (const auto payload = details.find("payload"); payload != details.end() && payload->is_string())
        note.payload = payload->get<std::string>();
    const auto extra = details.find("extra");
    note.isExtraPoint = extra != details.end() && extra->is_boolean() && extra->get<bool>();
    return note;
}

} // namespace gradus::events
