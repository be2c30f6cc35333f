// SPDX-License-Identifier: GPL-3.0-or-later
#include "chat/strings.h"

#include "base/text.h"
#include "text/utf8.h"

#include <algorithm>

namespace gradus::chat {

namespace {

constexpr std::size_t kPartBytes = 64; ///< what a part of a text counts for beside its bytes, before it is made

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

const std::string& textArgument(const Arguments& arguments, std::size_t place, const std::string& method)
{
    const Value* found = arguments.find(place, "");
    if (found == nullptr || found->asText() == nullptr) throw Fault{0, method + "() takes a string"};
    return *found->asText();
}

/// Whether text begins (ends) with the string, or with one of the tuple's.
bool affixed(const std::string& text, const Arguments& arguments, bool begins, const std::string& method)
{
    const Value* given = arguments.find(0, "");
    if (given == nullptr || arguments.values.size() > 1) throw Fault{0, method + "() takes one string or tuple"};
    const std::vector<Value> several = given->asList() != nullptr ? given->asList()->items : std::vector<Value>{*given};
    return std::ranges::any_of(several, [&](const Value& one) {
        if (one.asText() == nullptr) throw Fault{0, method + "() takes strings"};
        return begins ? text.starts_with(*one.asText()) : text.ends_with(*one.asText());
    });
}

std::size_t leading(std::string_view text, const Value* given)
{
    if (text.empty()) return 0;
    if (given == nullptr || given->isNone()) return text::leadingSpace(text);
    const std::size_t bytes = std::min(text::characterLength(text.front()), text.size());
    return given->asText() != nullptr && given->asText()->find(text.substr(0, bytes)) != std::string::npos ? bytes : 0;
}

std::size_t trailing(std::string_view text, const Value* given)
{
    if (text.empty()) return 0;
    if (given == nullptr || given->isNone()) return text::trailingSpace(text);
    std::size_t begin = text.size() - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U)
        --begin;
    const std::string_view last = text.substr(begin);
    return given->asText() != nullptr && given->asText()->find(last) != std::string::npos ? last.size() : 0;
}

/// At white space, runs of it counting as one.
std::vector<std::string> words(std::string_view text, Budget& budget)
{
    std::vector<std::string> made;
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t space = at < text.size() ? text::leadingSpace(text.substr(at)) : 1;
        if (space > 0) {
            if (at > begin) {
                budget.bytes(kPartBytes);
                made.emplace_back(text.substr(begin, at - begin));
            }
            at += space;
            begin = at;
        } else {
            at += text::characterLength(text[at]);
        }
    }
    return made;
}

std::vector<std::string> cut(std::string_view text, std::string_view at, std::int64_t most, bool fromRight,
                             Budget& budget)
{
    if (at.empty()) throw Fault{0, "split() has an empty separator"};
    std::vector<std::string> made;
    while (most < 0 || static_cast<std::int64_t>(made.size()) < most) {
        const std::size_t found = fromRight ? text.rfind(at) : text.find(at);
        if (found == std::string_view::npos) break;
        budget.bytes(kPartBytes);
        made.emplace_back(fromRight ? text.substr(found + at.size()) : text.substr(0, found));
        text = fromRight ? text.substr(0, found) : text.substr(found + at.size());
    }
    made.emplace_back(text);
    if (fromRight) std::ranges::reverse(made);
    return made;
}

Value split(const std::string& text, const Arguments& arguments, bool fromRight, Budget& budget)
{
    const Value* separator = arguments.find(0, "sep");
    const Value* limit = arguments.find(1, "maxsplit");
    const std::int64_t most = limit != nullptr && limit->isInteger() ? limit->toInteger() : -1;
    std::vector<std::string> parts;
    if (separator == nullptr || separator->isNone()) {
        if (most >= 0) throw Fault{0, "split() at white space with a limit is not supported"};
        parts = words(text, budget);
    } else {
        if (separator->asText() == nullptr) throw Fault{0, "split() takes a string"};
        parts = cut(text, *separator->asText(), most, fromRight, budget);
    }
    budget.bytes(text.size());
    std::vector<Value> items;
    for (std::string& part : parts)
        items.push_back(Value::text(std::move(part)));
    return Value::list(std::move(items));
}

Value lines(std::string_view text, Budget& budget)
{
    std::vector<Value> items;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        budget.bytes(kPartBytes);
        items.push_back(Value::text(std::string(text.substr(0, end))));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return Value::list(std::move(items));
}

Value joined(const std::string& between, const Arguments& arguments, Budget& budget)
{
    const Value* items = arguments.find(0, "");
    if (items == nullptr) throw Fault{0, "join() takes a list"};
    std::string made;
    bool first = true;
    for (const Value& item : itemsOf(*items, budget)) {
        if (item.asText() == nullptr) throw Fault{0, "join() takes a list of strings"};
        made += (first ? "" : between) + *item.asText();
        budget.bytes(between.size() + item.asText()->size());
        first = false;
    }
    return Value::text(std::move(made));
}

Value changed(const std::string& text, const Arguments& arguments, Budget& budget)
{
    const Value* most = arguments.find(2, "count");
    return Value::text(replaced(text, textArgument(arguments, 0, "replace"), textArgument(arguments, 1, "replace"),
                                most != nullptr && most->isInteger() ? most->toInteger() : -1, budget));
}

Value counted(const std::string& text, const std::string& part)
{
    if (part.empty()) throw Fault{0, "count() has an empty string"};
    std::int64_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
        ++count;
    return Value::integer(count);
}

Value found(const std::string& text, const std::string& part)
{
    const std::size_t at = text.find(part);
    if (at == std::string::npos) return Value::integer(-1);
    return Value::integer(static_cast<std::int64_t>(characters(std::string_view(text).substr(0, at)).size()));
}

} // namespace

std::string stripped(std::string_view text, const Value* characters, bool left, bool right)
{
    while (left)
        if (const std::size_t bytes = leading(text, characters); bytes > 0)
            text.remove_prefix(bytes);
        else
            break;
    while (right)
        if (const std::size_t bytes = trailing(text, characters); bytes > 0)
            text.remove_suffix(bytes);
        else
            break;
    return std::string(text);
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to, std::int64_t most,
                     Budget& budget)
{
    if (from.empty()) throw Fault{0, "replace() has an empty string to look for"};
    std::string made;
    while (most != 0) {
        const std::size_t at = text.find(from);
        if (at == std::string_view::npos) break;
        budget.bytes(at + to.size());
        made += text.substr(0, at);
        made += to;
        text.remove_prefix(at + from.size());
        --most;
    }
    budget.bytes(text.size());
    return made += text;
}

std::string upperCase(std::string_view text)
{
    std::string made(text);
    for (char& c : made)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return made;
}

std::string lowerCase(std::string_view text)
{
    std::string made(text);
    for (char& c : made)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return made;
}

std::string titleCase(std::string_view text, Words words)
{
    static constexpr std::string_view openers = "-({[< \t\n\v\f\r"; // Jinja's filter begins a word after these alone
    std::string made = lowerCase(text);
    const auto begins = [&](std::size_t i) {
        if (i == 0) return true;
        if (words == Words::AfterOpener) return openers.find(made[i - 1]) != std::string_view::npos;
        return words == Words::AfterNoLetter && !isLetter(made[i - 1]);
    };
    for (std::size_t i = 0; i < made.size(); ++i)
        if (begins(i) && made[i] >= 'a' && made[i] <= 'z') made[i] = static_cast<char>(made[i] - 32);
    return made;
}

Value textMethod(const std::string& text, const std::string& name, const Arguments& arguments, Budget& budget)
{
    budget.bytes(text.size());
    if (name == "strip" || name == "lstrip" || name == "rstrip")
        return Value::text(stripped(text, arguments.find(0, ""), name != "rstrip", name != "lstrip"));
    if (name == "startswith" || name == "endswith")
        return Value::boolean(affixed(text, arguments, name == "startswith", name));
    if (name == "split" || name == "rsplit") return split(text, arguments, name == "rsplit", budget);
    if (name == "splitlines") return lines(text, budget);
    if (name == "join") return joined(text, arguments, budget);
    if (name == "replace") return changed(text, arguments, budget);
    if (name == "upper") return Value::text(upperCase(text));
    if (name == "lower") return Value::text(lowerCase(text));
    if (name == "title" || name == "capitalize")
        return Value::text(titleCase(text, name == "title" ? Words::AfterNoLetter : Words::First));
    if (name == "count") return counted(text, textArgument(arguments, 0, name));
    if (name == "find") return found(text, textArgument(arguments, 0, name));
    if (name == "removeprefix" || name == "removesuffix") {
        const std::string& part = textArgument(arguments, 0, name);
        const bool front = name == "removeprefix";
        if (part.empty() || !(front ? text.starts_with(part) : text.ends_with(part))) return Value::text(text);
        return Value::text(front ? text.substr(part.size()) : text.substr(0, text.size() - part.size()));
    }
    throw Fault{0, "str." + visible(name, 40) + "() is not supported"};
}

} // namespace gradus::chat
