// SPDX-License-Identifier: GPL-3.0-or-later
#include "chat/value.h"

#include "base/text.h"
#include "text/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace gradus::chat {

namespace {

constexpr std::size_t kMostSteps = 4'000'000;
constexpr std::size_t kMostBytes = std::size_t{64} << 20;
constexpr int kDeepestCalls = 16;
constexpr int kDeepestValues = 64;

int depthOf(const Value& value)
{
    if (const List* list = value.asList()) return list->depth;
    if (const Map* map = value.asMap()) return map->depth;
    return 0;
}

int deeper(int depth)
{
    if (depth >= kDeepestValues) throw Fault{0, "lists and maps are nested more than 64 deep"};
    return depth + 1;
}

/// Python's repr of a float: the shortest that reads back, with a point or an exponent.
std::string floatText(double value)
{
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    const double size = std::fabs(value);
    char text[64];
    const auto format =
        size != 0 && (size < 1e-4 || size >= 1e16) ? std::chars_format::scientific : std::chars_format::fixed;
    const auto end = std::to_chars(text, text + sizeof text, value, format).ptr;
    std::string made(text, end);
    if (format == std::chars_format::fixed && made.find('.') == std::string::npos) made += ".0";
    return made;
}

char hexDigit(unsigned value)
{
    return "0123456789abcdef"[value & 15U];
}

std::string jsonText(std::string_view text)
{
    std::string made = "\"";
    for (const char c : text) {
        switch (c) {
        case '"':
            made += "\\\"";
            break;
        case '\\':
            made += "\\\\";
            break;
        case '\n':
            made += "\\n";
            break;
        case '\r':
            made += "\\r";
            break;
        case '\t':
            made += "\\t";
            break;
        case '\b':
            made += "\\b";
            break;
        case '\f':
            made += "\\f";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20)
                made +=
                    {'\\', 'u', '0', '0', hexDigit(static_cast<unsigned>(c) >> 4U), hexDigit(static_cast<unsigned>(c))};
            else
                made += c;
        }
    }
    return made + '"';
}

/// Python's repr of a string, for characters that print.
std::string pythonText(std::string_view text)
{
    const bool doubled = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
    const char quote = doubled ? '"' : '\'';
    std::string made(1, quote);
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == quote || c == '\\')
            made += {'\\', c};
        else if (c == '\n')
            made += "\\n";
        else if (c == '\r')
            made += "\\r";
        else if (c == '\t')
            made += "\\t";
        else if (code < 0x20 || code == 0x7f)
            made += {'\\', 'x', hexDigit(code >> 4U), hexDigit(code)};
        else
            made += c;
    }
    return made + quote;
}

/// Writes nested values; every piece counts, because a list may hold one list many times.
class Writer final
{
public:
    Writer(Budget& budget, bool json, int indent) : m_budget(budget), m_json(json), m_indent(indent) {}

    void write(const Value& value)
    {
        m_budget.step();
        // A namespace may hold itself.
        if (std::holds_alternative<Namespace*>(value.content())) throw Fault{0, "a namespace has no text"};
        if (const List* list = value.asList()) return sequence(*list);
        if (const Map* map = value.asMap()) return mapping(*map);
        add(scalar(value));
    }

    std::string take() { return std::move(m_out); }

private:
    void add(std::string_view text)
    {
        m_budget.bytes(text.size());
        m_out += text;
    }

    std::string scalar(const Value& value) const
    {
        const auto& content = value.content();
        if (const std::string* text = value.asText()) return m_json ? jsonText(*text) : pythonText(*text);
        if (value.isNone()) return m_json ? "null" : "None";
        if (const bool* truth = std::get_if<bool>(&content))
            return m_json ? (*truth ? "true" : "false") : (*truth ? "True" : "False");
        if (const auto* integer = std::get_if<std::int64_t>(&content)) return std::to_string(*integer);
        if (const auto* number = std::get_if<double>(&content)) return floatText(*number);
        if (m_json) throw Fault{0, "a value of the kind " + value.kind() + " cannot be written as JSON"};
        if (value.isUndefined()) return "Undefined";
        throw Fault{0, "a value of the kind " + value.kind() + " has no text"};
    }

    void between(bool first)
    {
        if (!first) add(m_indent >= 0 ? "," : ", ");
        if (m_indent >= 0) add("\n" + std::string(static_cast<std::size_t>(m_indent * m_level), ' '));
    }

    void close(bool empty)
    {
        --m_level;
        if (m_indent >= 0 && !empty) add("\n" + std::string(static_cast<std::size_t>(m_indent * m_level), ' '));
    }

    void sequence(const List& list)
    {
        const bool tuple = list.tuple && !m_json;
        add(tuple ? "(" : "[");
        ++m_level;
        for (std::size_t i = 0; i < list.items.size(); ++i) {
            between(i == 0);
            write(list.items[i]);
        }
        close(list.items.empty());
        add(tuple ? (list.items.size() == 1 ? ",)" : ")") : "]");
    }

    void mapping(const Map& map)
    {
        add("{");
        ++m_level;
        for (std::size_t i = 0; i < map.entries.size(); ++i) {
            between(i == 0);
            const auto& [key, value] = map.entries[i];
            add(m_json ? jsonText(key) : pythonText(key));
            add(": ");
            write(value);
        }
        close(map.entries.empty());
        add("}");
    }

    Budget& m_budget;
    bool m_json;
    int m_indent;
    int m_level = 0;
    std::string m_out;
};

} // namespace

void Budget::step(std::size_t count)
{
    m_steps += count;
    if (m_steps > kMostSteps) throw Fault{0, "it takes more than 4,000,000 steps and was ended"};
}

void Budget::bytes(std::size_t count)
{
    m_bytes += count;
    if (m_bytes > kMostBytes) throw Fault{0, "it makes more than 64 MiB of text and was ended"};
}

void Budget::nest()
{
    if (++m_depth > kDeepestCalls) throw Fault{0, "macros or filters call each other more than 16 deep"};
}

const Value* Map::find(std::string_view key) const
{
    const auto found = std::ranges::find_if(entries, [&](const auto& entry) { return entry.first == key; });
    return found == entries.end() ? nullptr : &found->second;
}

void Map::set(std::string key, Value value)
{
    depth = std::max(depth, deeper(depthOf(value)));
    const auto found = std::ranges::find_if(entries, [&](const auto& entry) { return entry.first == key; });
    if (found == entries.end())
        entries.emplace_back(std::move(key), std::move(value));
    else
        found->second = std::move(value);
}

Value Value::text(std::string value)
{
    return Content(std::make_shared<const std::string>(std::move(value)));
}

Value Value::list(std::vector<Value> items, bool tuple)
{
    int depth = 0;
    for (const Value& item : items)
        depth = std::max(depth, depthOf(item));
    return Content(std::make_shared<const List>(List{std::move(items), deeper(depth), tuple}));
}

Value Value::map(Map map)
{
    return Content(std::make_shared<const Map>(std::move(map)));
}

Value Value::fromJson(const nlohmann::ordered_json& json)
{
    if (json.is_string()) return text(text::repairedUtf8(json.get_ref<const std::string&>()));
    if (json.is_boolean()) return boolean(json.get<bool>());
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t{INT64_MAX})
        return number(json.get<double>());
    if (json.is_number_integer()) return integer(json.get<std::int64_t>());
    if (json.is_number()) return number(json.get<double>());
    if (json.is_array()) {
        std::vector<Value> items;
        for (const auto& item : json)
            items.push_back(fromJson(item));
        return list(std::move(items));
    }
    if (json.is_object()) {
        Map made;
        for (const auto& [key, item] : json.items())
            made.set(text::repairedUtf8(key), fromJson(item));
        return map(std::move(made));
    }
    return none();
}

bool Value::isNumber() const
{
    return isInteger() || std::holds_alternative<double>(m_content);
}

bool Value::isInteger() const
{
    return std::holds_alternative<std::int64_t>(m_content) || std::holds_alternative<bool>(m_content);
}

const std::string* Value::asText() const
{
    const Text* found = std::get_if<Text>(&m_content);
    return found == nullptr ? nullptr : found->get();
}

const List* Value::asList() const
{
    const ListPointer* found = std::get_if<ListPointer>(&m_content);
    return found == nullptr ? nullptr : found->get();
}

const Map* Value::asMap() const
{
    if (Namespace* const* space = std::get_if<Namespace*>(&m_content)) return &(*space)->map;
    const MapPointer* found = std::get_if<MapPointer>(&m_content);
    return found == nullptr ? nullptr : found->get();
}

double Value::toNumber() const
{
    if (const double* number = std::get_if<double>(&m_content)) return *number;
    return static_cast<double>(toInteger());
}

std::int64_t Value::toInteger() const
{
    if (const bool* truth = std::get_if<bool>(&m_content)) return *truth ? 1 : 0;
    return std::get<std::int64_t>(m_content);
}

bool Value::truth() const
{
    if (isUndefined() || isNone()) return false;
    if (isNumber()) return toNumber() != 0;
    if (const std::string* text = asText()) return !text->empty();
    if (const List* list = asList()) return !list->items.empty();
    if (const MapPointer* map = std::get_if<MapPointer>(&m_content)) return !(*map)->entries.empty();
    return true;
}

std::string Value::kind() const
{
    static constexpr const char* names[] = {"Undefined", "NoneType", "bool",      "int",   "float",   "str",
                                            "list",      "dict",     "Namespace", "Macro", "function"};
    return names[m_content.index()];
}

bool equal(const Value& a, const Value& b, Budget& budget)
{
    budget.step();
    if (a.isNumber() && b.isNumber())
        return a.isInteger() && b.isInteger() ? a.toInteger() == b.toInteger() : a.toNumber() == b.toNumber();
    if (a.asText() != nullptr && b.asText() != nullptr) return *a.asText() == *b.asText();
    if ((a.isUndefined() && b.isUndefined()) || (a.isNone() && b.isNone())) return true;
    Namespace* const* space = std::get_if<Namespace*>(&a.content());
    if (space != nullptr || std::holds_alternative<Namespace*>(b.content())) {
        Namespace* const* other = std::get_if<Namespace*>(&b.content());
        return space != nullptr && other != nullptr && *space == *other;
    }
    const List* left = a.asList();
    const List* right = b.asList();
    if (left != nullptr && right != nullptr)
        return left->tuple == right->tuple &&
               std::ranges::equal(left->items, right->items,
                                  [&](const Value& x, const Value& y) { return equal(x, y, budget); });
    const Map* one = a.asMap();
    const Map* two = b.asMap();
    if (one == nullptr || two == nullptr || one->entries.size() != two->entries.size()) return false;
    return std::ranges::all_of(one->entries, [&](const auto& entry) {
        const Value* other = two->find(entry.first);
        return other != nullptr && equal(entry.second, *other, budget);
    });
}

int order(const Value& a, const Value& b, Budget& budget)
{
    budget.step();
    if (a.isNumber() && b.isNumber()) {
        if (a.isInteger() && b.isInteger())
            return a.toInteger() < b.toInteger() ? -1 : a.toInteger() > b.toInteger() ? 1 : 0;
        return a.toNumber() < b.toNumber() ? -1 : a.toNumber() > b.toNumber() ? 1 : 0;
    }
    if (a.asText() != nullptr && b.asText() != nullptr) return a.asText()->compare(*b.asText());
    throw Fault{0, "a " + a.kind() + " and a " + b.kind() + " have no order"};
}

std::string shown(const Value& value, Budget& budget)
{
    if (value.isUndefined()) return {};
    if (const std::string* text = value.asText()) return *text;
    Writer writer(budget, false, -1);
    writer.write(value);
    return writer.take();
}

std::string json(const Value& value, int indent, Budget& budget)
{
    Writer writer(budget, true, indent);
    writer.write(value);
    return writer.take();
}

std::vector<std::string_view> characters(std::string_view text)
{
    std::vector<std::string_view> all;
    while (!text.empty()) {
        const std::size_t bytes = std::min(text::characterLength(text.front()), text.size());
        all.push_back(text.substr(0, bytes));
        text.remove_prefix(bytes);
    }
    return all;
}

} // namespace gradus::chat
