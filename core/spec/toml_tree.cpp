// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/toml_tree.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>

// No exceptions: the room reports errors as values. That choice changes the library's binary interface, hence header
// only, and here alone.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
// The library asserts on some malformed text ("[[[") before it reports the fault; only the report is wanted.
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

namespace gradus::spec {

namespace {

Place placeOf(const toml::source_position& position)
{
    return {static_cast<int>(position.line), static_cast<int>(position.column)};
}

bool before(const Place& a, const Place& b)
{
    return a.line != b.line ? a.line < b.line : a.column < b.column;
}

Node convert(const toml::node& source)
{
    Node node;
    node.begin = placeOf(source.source().begin);
    node.end = placeOf(source.source().end);
    if (const auto* table = source.as_table()) {
        node.kind = NodeKind::Table;
        node.inlineTable = table->is_inline();
        for (const auto& [key, value] : *table)
            node.members.push_back({std::string(key.str()), placeOf(key.source().begin), convert(value)});
        // The library sorts members by name; the order of sweep axes is the file's.
        std::stable_sort(node.members.begin(), node.members.end(),
                         [](const Member& a, const Member& b) { return before(a.place, b.place); });
    } else if (const auto* list = source.as_array()) {
        node.kind = NodeKind::List;
        for (const toml::node& item : *list)
            node.items.push_back(convert(item));
    } else if (const auto* text = source.as_string()) {
        node.kind = NodeKind::Text;
        node.text = text->get();
    } else if (const auto* integer = source.as_integer()) {
        node.kind = NodeKind::Integer;
        node.integer = integer->get();
        node.number = static_cast<double>(node.integer);
    } else if (const auto* number = source.as_floating_point()) {
        node.kind = NodeKind::Number;
        node.number = number->get();
    } else if (const auto* boolean = source.as_boolean()) {
        node.kind = NodeKind::Boolean;
        node.boolean = boolean->get();
    } else {
        node.kind = NodeKind::Date;
    }
    return node;
}

constexpr int kMostDots = 16;

/// Past a comment or a string that starts at i, multi-line ones included; i where neither starts.
std::size_t pastQuotedOrComment(std::string_view toml, std::size_t i)
{
    const auto orEnd = [&](std::size_t found, std::size_t extra) {
        return found == std::string_view::npos ? toml.size() : found + extra;
    };
    const char c = toml[i];
    if (c == '#') return orEnd(toml.find('\n', i), 0);
    if (c != '"' && c != '\'') return i;
    const bool multiLine = toml.substr(i, 3) == std::string(3, c);
    std::size_t at = i + (multiLine ? 3 : 1);
    while (at < toml.size()) {
        if (toml[at] == '\\' && c == '"')
            ++at;
        else if (!multiLine && (toml[at] == c || toml[at] == '\n'))
            return at + 1;
        else if (multiLine && toml.substr(at, 3) == std::string(3, c))
            return orEnd(toml.find_first_not_of(c, at), 0); // up to two more quotes belong to the string
        ++at;
    }
    return toml.size();
}

/// The library bounds the depth of values, but each dot of a key nests a table too, and tables are freed recursively: a
/// key of 50,000 dots would exhaust the stack. Returns where such a key is, or npos.
std::size_t keyWithTooManyDots(std::string_view toml)
{
    constexpr std::string_view kEndsAKey = "=[]{},\n";
    int dots = 0;
    for (std::size_t i = 0; i < toml.size();) {
        const std::size_t past = pastQuotedOrComment(toml, i);
        if (past != i) {
            if (toml[past - 1] == '\n') dots = 0; // a broken string: the parser will say so
            i = past;
            continue;
        }
        if (kEndsAKey.find(toml[i]) != std::string_view::npos) dots = 0;
        if (toml[i] == '.' && ++dots > kMostDots) return i;
        ++i;
    }
    return std::string_view::npos;
}

Place placeAt(std::string_view toml, std::size_t offset)
{
    Place place;
    for (const char c : toml.substr(0, offset)) {
        const bool continues = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
        place = c == '\n' ? Place{place.line + 1, 1} : Place{place.line, place.column + (continues ? 0 : 1)};
    }
    return place;
}

Error syntaxError(const toml::parse_error& error)
{
    std::string what = visible(error.description(), 400);
    for (const std::string_view prefix : {"Error while parsing ", "Encountered "})
        if (what.starts_with(prefix)) what.erase(0, prefix.size());
    Error result = badInput("this is not valid TOML (" + what + "); correct the text here.");
    const Place place = placeOf(error.source().begin);
    result.line = std::max(place.line, 1);
    result.column = std::max(place.column, 1);
    return result;
}

} // namespace

const char* nameOf(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Text:
        return "text";
    case NodeKind::Integer:
        return "a whole number";
    case NodeKind::Number:
        return "a number";
    case NodeKind::Boolean:
        return "true or false";
    case NodeKind::Date:
        return "a date";
    case NodeKind::List:
        return "a list";
    case NodeKind::Table:
        return "a table";
    }
    return "";
}

const Member* Node::find(std::string_view key) const
{
    const auto found =
        std::find_if(members.begin(), members.end(), [key](const Member& member) { return member.key == key; });
    return found == members.end() ? nullptr : &*found;
}

Result<Node> parseToml(std::string_view toml)
{
    if (const std::size_t deep = keyWithTooManyDots(toml); deep != std::string_view::npos) {
        const Place place = placeAt(toml, deep);
        Error error = badInput("this key has more than 16 dots, which no key of any file has; shorten it.");
        error.line = place.line;
        error.column = place.column;
        return error;
    }
    const toml::parse_result parsed = toml::parse(toml, std::string_view());
    if (!parsed) return syntaxError(parsed.error());
    return convert(parsed.table());
}

Result<Node> parseTomlValue(std::string_view value)
{
    const std::string line = "v = " + std::string(value);
    auto root = parseToml(line);
    if (!root) return root.error();
    const Member* member = root->find("v");
    const std::size_t end = member ? offsetOf(line, member->value.end) : 0;
    if (!member || root->members.size() != 1 || line.find_first_not_of(" \t", end) != std::string::npos)
        return badInput("\"" + visible(value) + "\" is not one TOML value; put text in quotes and lists in brackets.");
    return member->value;
}

std::size_t offsetOf(std::string_view toml, Place place)
{
    std::size_t offset = toml.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    for (int line = 1; line < place.line; ++line) {
        const std::size_t end = toml.find('\n', offset);
        if (end == std::string_view::npos) return toml.size();
        offset = end + 1;
    }
    const auto continues = [&](std::size_t i) {
        return i < toml.size() && (static_cast<unsigned char>(toml[i]) & 0xC0) == 0x80;
    };
    for (int column = 1; column < place.column && offset < toml.size(); ++column)
        do
            ++offset;
        while (continues(offset));
    return offset;
}

std::string tomlString(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04X", byte);
            out += escape;
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string floatText(double value)
{
    std::string text = numberText(value);
    if (std::isfinite(value) && text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

std::string textOf(const Node& node)
{
    std::string out;
    switch (node.kind) {
    case NodeKind::Text:
        return tomlString(node.text);
    case NodeKind::Integer:
        return std::to_string(node.integer);
    case NodeKind::Number:
        return floatText(node.number);
    case NodeKind::Boolean:
        return node.boolean ? "true" : "false";
    case NodeKind::Date:
        return "\"date\"";
    case NodeKind::List:
        for (const Node& item : node.items)
            out += (out.empty() ? "" : ", ") + textOf(item);
        return "[" + out + "]";
    case NodeKind::Table:
        for (const Member& member : node.members)
            out += (out.empty() ? " " : ", ") + tomlString(member.key) + " = " + textOf(member.value);
        return "{" + out + " }";
    }
    return out;
}

} // namespace gradus::spec
