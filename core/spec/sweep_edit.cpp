// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/sweep_edit.h"

#include "base/text.h"
#include "spec/checks.h"

#include <vector>

namespace gradus::spec {

namespace {

struct Axis
{
    bool inlined = false; ///< it stands in a table of one line
    const Member* member = nullptr;
};

/// "gap.value" = ... and gap.value = ... are the same to us, not to TOML.
Axis axisIn(const Node& root, const std::string& key)
{
    const Member* sweep = root.find("sweep");
    if (!sweep) return {};
    if (const Member* quoted = sweep->value.find(key)) return {sweep->value.inlineTable, quoted};
    const std::size_t dot = key.find('.');
    const Member* outer = dot == std::string::npos ? nullptr : sweep->value.find(key.substr(0, dot));
    const Member* inner = outer ? outer->value.find(key.substr(dot + 1)) : nullptr;
    return inner ? Axis{sweep->value.inlineTable || outer->value.inlineTable, inner} : Axis{};
}

std::string trimmed(const std::string& text)
{
    const std::size_t begin = text.find_first_not_of(" \t");
    return begin == std::string::npos ? std::string() : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// At commas that are in no list, table or string.
std::vector<std::string> parts(const std::string& values)
{
    std::vector<std::string> all(1);
    int depth = 0;
    char quote = 0;
    for (const char c : values) {
        if (quote != 0)
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '[' || c == '{')
            ++depth;
        else if (c == ']' || c == '}')
            --depth;
        if (c == ',' && depth == 0 && quote == 0)
            all.emplace_back();
        else
            all.back() += c;
    }
    return all;
}

} // namespace

Result<std::string> withoutAxis(const std::string& toml, const std::string& key)
{
    const auto root = parseToml(toml);
    if (!root) return root.error();
    const auto [inlined, member] = axisIn(*root, key);
    if (!member) return badInput("The sweep has no axis " + visible(key, 60) + "; read the file again.");
    const std::size_t place = offsetOf(toml, member->place);
    const std::size_t line = place == 0 ? std::string::npos : toml.rfind('\n', place - 1);
    const std::size_t begin = line == std::string::npos ? 0 : line + 1;
    const std::size_t after = toml.find('\n', offsetOf(toml, member->value.end));
    const std::size_t end = after == std::string::npos ? toml.size() : after + 1;
    const std::string text = toml.substr(0, begin) + toml.substr(end);
    const auto again = parseToml(text);
    if (inlined || !again || axisIn(*again, key).member)
        return badInput("The axis " + key + " cannot be removed from this text; write [sweep] with one key in a line.");
    return text;
}

Result<std::string> axisToml(const std::string& key, const std::string& values)
{
    const KeyInfo* info = findKey(key);
    if (!info) {
        std::vector<std::string> known;
        for (const KeyInfo& row : knownKeys())
            known.push_back(row.dotted());
        const auto near = nearestWord(key, known);
        return badInput("\"" + visible(key, 60) + "\" is no key of an experiment; " +
                        (near ? "the nearest is " + *near + "." : "write it as section.key."));
    }
    std::string list;
    std::string rest = trimmed(values);
    if (rest.size() > 1 && rest.front() == '[' && rest.back() == ']' && parseTomlValue(rest) && parts(rest).size() == 1)
        rest = rest.substr(1, rest.size() - 2);
    for (const std::string& part : parts(rest)) {
        std::string value = trimmed(part);
        if (value.empty()) continue;
        Experiment scratch;
        auto node = parseTomlValue(value);
        // A word is text where the key takes text; what it is otherwise the key itself says.
        if (!node || !applyValue(scratch, *info, *node)) {
            const auto quoted = parseTomlValue(tomlString(value));
            Experiment other;
            if (const auto applied = applyValue(other, *info, *quoted); applied)
                value = tomlString(value);
            else if (!node)
                return applied.error();
            else
                return applyValue(scratch, *info, *node).error();
        }
        list += (list.empty() ? "" : ", ") + value;
    }
    if (list.empty()) return badInput("An axis needs values; write them like 0.2, 0.4.");
    return "[" + list + "]";
}

} // namespace gradus::spec
