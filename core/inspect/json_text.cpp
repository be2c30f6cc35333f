// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/json_text.h"

#include "base/text.h"

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

namespace gradus::inspect {

namespace {

/// Depth and number of values, from the brackets and commas outside of strings.
bool isModest(std::string_view text, std::size_t deepest)
{
    std::size_t depth = 0;
    std::size_t values = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                quoted = false;
            continue;
        }
        if (c == '"') quoted = true;
        if (c == '[' || c == '{') {
            if (++depth > deepest) return false;
            ++values;
        }
        if ((c == ']' || c == '}') && depth > 0) --depth;
        if (c == ',' && ++values > mostValues) return false;
        if (values > mostValues) return false;
    }
    return true;
}

} // namespace

Result<nlohmann::ordered_json> parsedJson(std::string_view text, const std::string& what)
{
    if (!isModest(text, deepestJson))
        return badInput("The log cannot be read: " + what + " nests or holds more values than any log does.");
    auto json = nlohmann::ordered_json::parse(text, nullptr, false);
    if (json.is_discarded()) return badInput("The log cannot be read: " + what + " is no JSON; make the log again.");
    return json;
}

nlohmann::ordered_json embedded(const std::string& text)
{
    constexpr std::size_t deepest = 32; // what is around it must stay below deepestJson
    if (!isModest(text, deepest)) return text;
    auto json = nlohmann::ordered_json::parse(text, nullptr, false);
    return json.is_discarded() ? nlohmann::ordered_json(text) : json;
}

std::string isoTime(double unixSeconds)
{
    const auto seconds = static_cast<std::time_t>(std::clamp(unixSeconds, 0.0, 4e10));
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[40];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S+00:00", &parts);
    return text;
}

bool isUtf8(std::string_view bytes)
{
    while (!bytes.empty()) {
        const CodePoint one = firstCodePoint(bytes);
        if (one.length == 0) return false;
        bytes.remove_prefix(one.length);
    }
    return true;
}

} // namespace gradus::inspect
