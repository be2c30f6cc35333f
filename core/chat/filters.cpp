// SPDX-License-Identifier: GPL-3.0-or-later
// Jinja's filters and tests, as far as chat templates use them.
#include "base/text.h"
#include "chat/interpreter.h"
#include "chat/strings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace gradus::chat {

namespace {

using Filter = Value (*)(const Value& subject, const Arguments& arguments, Budget& budget);

/// What Jinja makes of a subject that should be a string.
std::string textOf(const Value& subject, Budget& budget)
{
    std::string made = shown(subject, budget);
    budget.bytes(made.size());
    return made;
}

std::optional<std::int64_t> integerArgument(const Arguments& arguments, std::size_t place, std::string_view name)
{
    const Value* found = arguments.find(place, name);
    if (found == nullptr || found->isNone()) return {};
    if (!found->isInteger()) throw Fault{0, std::string(name) + " must be a whole number"};
    return found->toInteger();
}

Value length(const Value& subject, const Arguments&, Budget& budget)
{
    if (const std::string* text = subject.asText()) {
        budget.bytes(text->size());
        return Value::integer(static_cast<std::int64_t>(characters(*text).size()));
    }
    if (const List* list = subject.asList()) return Value::integer(static_cast<std::int64_t>(list->items.size()));
    if (const Map* map = subject.asMap()) return Value::integer(static_cast<std::int64_t>(map->entries.size()));
    if (subject.isUndefined()) return Value::integer(0);
    throw Fault{0, "a " + subject.kind() + " has no length"};
}

Value toJson(const Value& subject, const Arguments& arguments, Budget& budget)
{
    for (const auto& named : arguments.named)
        if (named.first != "indent" && named.first != "ensure_ascii")
            throw Fault{0, "tojson(" + visible(named.first, 40) + "=...) is not supported"};
    if (const Value* ascii = arguments.find(9, "ensure_ascii"); ascii != nullptr && ascii->truth())
        throw Fault{0, "tojson(ensure_ascii=true) is not supported"};
    const auto indent = integerArgument(arguments, 0, "indent");
    if (indent && (*indent < 0 || *indent > 16)) throw Fault{0, "tojson's indent must be 0 to 16"};
    return Value::text(json(subject, static_cast<int>(indent.value_or(-1)), budget));
}

Value trim(const Value& subject, const Arguments& arguments, Budget& budget)
{
    return Value::text(stripped(textOf(subject, budget), arguments.find(0, "chars"), true, true));
}

Value upper(const Value& subject, const Arguments&, Budget& budget)
{
    return Value::text(upperCase(textOf(subject, budget)));
}
Value lower(const Value& subject, const Arguments&, Budget& budget)
{
    return Value::text(lowerCase(textOf(subject, budget)));
}
Value title(const Value& subject, const Arguments&, Budget& budget)
{
    return Value::text(titleCase(textOf(subject, budget), Words::AfterOpener));
}
Value capitalize(const Value& subject, const Arguments&, Budget& budget)
{
    return Value::text(titleCase(textOf(subject, budget), Words::First));
}
Value string(const Value& subject, const Arguments&, Budget& budget)
{
    return Value::text(textOf(subject, budget));
}
Value same(const Value& subject, const Arguments&, Budget&)
{
    return subject; // nothing is escaped here, so that everything is safe
}

Value replace(const Value& subject, const Arguments& arguments, Budget& budget)
{
    const Value* from = arguments.find(0, "old");
    const Value* to = arguments.find(1, "new");
    if (from == nullptr || to == nullptr || from->asText() == nullptr || to->asText() == nullptr)
        throw Fault{0, "replace takes two strings"};
    return Value::text(replaced(textOf(subject, budget), *from->asText(), *to->asText(),
                                integerArgument(arguments, 2, "count").value_or(-1), budget));
}

Value join(const Value& subject, const Arguments& arguments, Budget& budget)
{
    const Value* between = arguments.find(0, "d");
    const Value* attribute = arguments.find(1, "attribute");
    const std::string separator = between != nullptr ? shown(*between, budget) : "";
    std::string made;
    bool first = true;
    for (const Value& item : itemsOf(subject, budget)) {
        const bool named = attribute != nullptr && attribute->asText() != nullptr;
        const std::string text = shown(named ? memberOf(item, *attribute->asText()) : item, budget);
        budget.bytes(text.size() + separator.size());
        made += (first ? "" : separator) + text;
        first = false;
    }
    return Value::text(std::move(made));
}

Value first(const Value& subject, const Arguments&, Budget& budget)
{
    const std::vector<Value> items = itemsOf(subject, budget);
    return items.empty() ? Value::undefined("the first item") : items.front();
}
Value last(const Value& subject, const Arguments&, Budget& budget)
{
    const std::vector<Value> items = itemsOf(subject, budget);
    return items.empty() ? Value::undefined("the last item") : items.back();
}
Value list(const Value& subject, const Arguments&, Budget& budget)
{
    return Value::list(itemsOf(subject, budget));
}
Value reverse(const Value& subject, const Arguments&, Budget& budget)
{
    std::vector<Value> items = itemsOf(subject, budget);
    std::ranges::reverse(items);
    if (subject.asText() == nullptr) return Value::list(std::move(items));
    std::string made;
    for (const Value& item : items)
        made += *item.asText();
    return Value::text(std::move(made));
}
Value items(const Value& subject, const Arguments& arguments, Budget& budget)
{
    if (subject.isUndefined()) return Value::list({});
    return callMethod(subject, "items", arguments, budget);
}

Value dictsort(const Value& subject, const Arguments& arguments, Budget& budget)
{
    if (!arguments.values.empty() || !arguments.named.empty()) throw Fault{0, "dictsort takes nothing here"};
    const Map* map = subject.asMap();
    if (map == nullptr) throw Fault{0, "dictsort takes a dict"};
    auto entries = map->entries;
    budget.step(entries.size() * 16);
    std::ranges::stable_sort(entries, {}, [](const auto& entry) { return lowerCase(entry.first); });
    std::vector<Value> made;
    for (const auto& [key, value] : entries)
        made.push_back(Value::list({Value::text(key), value}, true));
    return Value::list(std::move(made));
}

Value unique(const Value& subject, const Arguments&, Budget& budget)
{
    std::vector<Value> made;
    for (const Value& item : itemsOf(subject, budget))
        if (std::ranges::none_of(made, [&](const Value& one) { return equal(one, item, budget); }))
            made.push_back(item);
    return Value::list(std::move(made));
}

Value otherwise(const Value& subject, const Arguments& arguments, Budget&)
{
    const Value* given = arguments.find(0, "default_value");
    const Value* falseToo = arguments.find(1, "boolean");
    const bool replaces = subject.isUndefined() || (falseToo != nullptr && falseToo->truth() && !subject.truth());
    if (!replaces) return subject;
    return given != nullptr ? *given : Value::text("");
}

Value integer(const Value& subject, const Arguments& arguments, Budget&)
{
    const Value* given = arguments.find(0, "default");
    const Value otherwise = given != nullptr ? *given : Value::integer(0);
    std::optional<double> number;
    if (subject.isInteger()) return Value::integer(subject.toInteger());
    if (subject.isNumber()) number = subject.toNumber();
    if (const std::string* text = subject.asText()) number = parseNumber(stripped(*text, nullptr, true, true));
    if (!number || !(std::fabs(*number) < 9e15)) return otherwise;
    return Value::integer(static_cast<std::int64_t>(*number));
}

Value decimal(const Value& subject, const Arguments&, Budget&)
{
    if (subject.isNumber()) return Value::number(subject.toNumber());
    const std::string* text = subject.asText();
    return Value::number(text != nullptr ? parseNumber(stripped(*text, nullptr, true, true)).value_or(0) : 0);
}

Value absolute(const Value& subject, const Arguments&, Budget& budget)
{
    if (!subject.isNumber()) throw Fault{0, "abs takes a number"};
    if (!subject.isInteger()) return Value::number(std::fabs(subject.toNumber()));
    return subject.toInteger() < 0 ? binaryResult("-", Value::integer(0), subject, budget) : subject;
}

/// The first line as it is, the others further to the right.
Value indent(const Value& subject, const Arguments& arguments, Budget& budget)
{
    const std::int64_t width = integerArgument(arguments, 0, "width").value_or(4);
    if (width < 0 || width > 64) throw Fault{0, "indent's width must be 0 to 64"};
    const Value* firstToo = arguments.find(1, "first");
    const Value* blankToo = arguments.find(2, "blank");
    const std::string text = textOf(subject, budget);
    const std::string space(static_cast<std::size_t>(width), ' ');
    std::string made;
    for (std::size_t begin = 0, line = 0; begin <= text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const bool blank = end == begin;
        if ((line > 0 || (firstToo != nullptr && firstToo->truth())) &&
            (!blank || (blankToo != nullptr && blankToo->truth())))
            made += space;
        budget.bytes(end - begin + space.size());
        made.append(text, begin, end - begin);
        if (end < text.size()) made += '\n';
        begin = end + 1;
    }
    return Value::text(std::move(made));
}

Value map(const Value& subject, const Arguments& arguments, Budget& budget)
{
    const Value* attribute = arguments.find(9, "attribute");
    const Value* given = arguments.find(9, "default");
    const Value* filter = arguments.find(0, "");
    std::vector<Value> made;
    for (const Value& item : itemsOf(subject, budget)) {
        if (attribute != nullptr && attribute->asText() != nullptr) {
            Value found = memberOf(item, *attribute->asText());
            made.push_back(found.isUndefined() && given != nullptr ? *given : found);
        } else if (filter != nullptr && filter->asText() != nullptr) {
            Arguments rest{.values = {arguments.values.begin() + 1, arguments.values.end()}};
            budget.nest(); // map may be given map, and that one map again
            made.push_back(applyFilter(*filter->asText(), item, rest, budget));
            budget.unnest();
        } else {
            throw Fault{0, "map takes a filter's name or attribute=..."};
        }
    }
    return Value::list(std::move(made));
}

/// select, reject, selectattr, rejectattr.
Value chosen(const Value& subject, const Arguments& arguments, Budget& budget, bool wanted, bool byAttribute)
{
    const std::size_t place = byAttribute ? 1 : 0;
    const Value* attribute = byAttribute ? arguments.find(0, "") : nullptr;
    if (byAttribute && (attribute == nullptr || attribute->asText() == nullptr))
        throw Fault{0, "selectattr and rejectattr take an attribute's name"};
    Arguments rest;
    if (arguments.values.size() > place + 1)
        rest.values.assign(arguments.values.begin() + static_cast<std::ptrdiff_t>(place) + 1, arguments.values.end());
    const Value* test = arguments.find(place, "");
    std::vector<Value> made;
    for (const Value& item : itemsOf(subject, budget)) {
        const Value looked = byAttribute ? memberOf(item, *attribute->asText()) : item;
        const bool holds = test != nullptr && test->asText() != nullptr
                               ? applyTest(*test->asText(), looked, rest, budget)
                               : looked.truth();
        if (holds == wanted) made.push_back(item);
    }
    return Value::list(std::move(made));
}
Value select(const Value& subject, const Arguments& arguments, Budget& budget)
{
    return chosen(subject, arguments, budget, true, false);
}
Value reject(const Value& subject, const Arguments& arguments, Budget& budget)
{
    return chosen(subject, arguments, budget, false, false);
}
Value selectAttribute(const Value& subject, const Arguments& arguments, Budget& budget)
{
    return chosen(subject, arguments, budget, true, true);
}
Value rejectAttribute(const Value& subject, const Arguments& arguments, Budget& budget)
{
    return chosen(subject, arguments, budget, false, true);
}

constexpr std::array<std::pair<std::string_view, Filter>, 30> kFilters = {{
    {"length", length},
    {"count", length},
    {"tojson", toJson},
    {"trim", trim},
    {"upper", upper},
    {"lower", lower},
    {"title", title},
    {"capitalize", capitalize},
    {"string", string},
    {"safe", same},
    {"replace", replace},
    {"join", join},
    {"first", first},
    {"last", last},
    {"list", list},
    {"reverse", reverse},
    {"items", items},
    {"dictsort", dictsort},
    {"unique", unique},
    {"default", otherwise},
    {"d", otherwise},
    {"int", integer},
    {"float", decimal},
    {"abs", absolute},
    {"indent", indent},
    {"map", map},
    {"select", select},
    {"reject", reject},
    {"selectattr", selectAttribute},
    {"rejectattr", rejectAttribute},
}};

std::int64_t wholeNumber(const Value& subject, const std::string& test)
{
    if (!subject.isInteger()) throw Fault{0, "\"is " + test + "\" asks for a whole number"};
    return subject.toInteger();
}

const Value& otherSide(const Arguments& arguments, const std::string& test)
{
    const Value* found = arguments.find(0, "");
    if (found == nullptr) throw Fault{0, "\"is " + test + "\" needs something to compare with"};
    return *found;
}

std::string operatorOf(const std::string& test)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 16> signs = {{
        {"eq", "=="},
        {"equalto", "=="},
        {"==", "=="},
        {"ne", "!="},
        {"!=", "!="},
        {"lt", "<"},
        {"lessthan", "<"},
        {"<", "<"},
        {"le", "<="},
        {"<=", "<="},
        {"gt", ">"},
        {"greaterthan", ">"},
        {">", ">"},
        {"ge", ">="},
        {">=", ">="},
        {"in", "in"},
    }};
    const auto found = std::ranges::find_if(signs, [&](const auto& sign) { return sign.first == test; });
    return found == signs.end() ? "" : std::string(found->second);
}

} // namespace

Value applyFilter(const std::string& name, const Value& subject, const Arguments& arguments, Budget& budget)
{
    budget.step();
    const auto found = std::ranges::find_if(kFilters, [&](const auto& filter) { return filter.first == name; });
    if (found == kFilters.end()) throw Fault{0, "the filter \"" + visible(name, 40) + "\" is not supported"};
    return found->second(subject, arguments, budget);
}

bool applyTest(const std::string& name, const Value& subject, const Arguments& arguments, Budget& budget)
{
    budget.step();
    if (name == "defined") return !subject.isUndefined();
    if (name == "undefined") return subject.isUndefined();
    if (name == "none") return subject.isNone();
    if (name == "string") return subject.asText() != nullptr;
    if (name == "mapping") return subject.asMap() != nullptr;
    if (name == "sequence" || name == "iterable")
        return subject.asText() != nullptr || subject.asList() != nullptr || subject.asMap() != nullptr ||
               subject.isUndefined();
    if (name == "number") return subject.isNumber();
    if (name == "boolean") return std::holds_alternative<bool>(subject.content());
    if (name == "integer") return std::holds_alternative<std::int64_t>(subject.content());
    if (name == "float") return std::holds_alternative<double>(subject.content());
    if (name == "true" || name == "false") {
        const bool* truth = std::get_if<bool>(&subject.content());
        return truth != nullptr && *truth == (name == "true");
    }
    if (name == "callable")
        return std::holds_alternative<Macro>(subject.content()) || std::holds_alternative<Function>(subject.content());
    if (name == "odd") return wholeNumber(subject, name) % 2 != 0;
    if (name == "even") return wholeNumber(subject, name) % 2 == 0;
    if (name == "divisibleby") {
        const std::int64_t by = wholeNumber(otherSide(arguments, name), name);
        if (by == 0) throw Fault{0, "a division by zero"};
        return by == -1 || wholeNumber(subject, name) % by == 0;
    }
    const std::string sign = operatorOf(name);
    if (sign.empty()) throw Fault{0, "the test \"is " + visible(name, 40) + "\" is not supported"};
    return binaryResult(sign, subject, otherSide(arguments, name), budget).truth();
}

} // namespace gradus::chat
