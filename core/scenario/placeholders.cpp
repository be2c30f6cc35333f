// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/placeholders.h"

#include <algorithm>

namespace gradus::scenario {

namespace {

constexpr std::string_view opening = "{{";
constexpr std::string_view closing = "}}";

/// Calls `plain` and `named` for the pieces of the text in order.
template <typename Plain, typename Named>
void eachPiece(std::string_view text, Plain plain, Named named)
{
    while (!text.empty()) {
        const std::size_t begin = text.find(opening);
        if (begin == std::string_view::npos) break;
        const std::size_t end = text.find(closing, begin + opening.size());
        if (end == std::string_view::npos) break;
        const std::string_view name = text.substr(begin + opening.size(), end - begin - opening.size());
        if (!isPlaceholderName(name)) {
            plain(text.substr(0, begin + 1)); // "{{{name}}": the brace that opens may be the next one
            text.remove_prefix(begin + 1);
            continue;
        }
        plain(text.substr(0, begin));
        named(name);
        text.remove_prefix(end + closing.size());
    }
    plain(text);
}

} // namespace

bool isPlaceholderName(std::string_view name)
{
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && name.front() >= 'a' && name.front() <= 'z' &&
           std::all_of(name.begin(), name.end(), allowed);
}

std::vector<std::string> placeholdersOf(std::string_view text)
{
    std::vector<std::string> names;
    eachPiece(
        text, [](std::string_view) {}, [&](std::string_view name) { names.emplace_back(name); });
    return names;
}

std::string filled(std::string_view text, const std::map<std::string, std::string>& values)
{
    std::string out;
    eachPiece(
        text, [&](std::string_view plain) { out += plain; },
        [&](std::string_view name) {
            const auto found = values.find(std::string(name));
            if (found != values.end())
                out += found->second;
            else
                out.append(opening).append(name).append(closing);
        });
    return out;
}

} // namespace gradus::scenario
