// SPDX-License-Identifier: GPL-3.0-or-later
// Operators, members, slices and methods of values.
#include "base/text.h"
#include "chat/interpreter.h"
#include "chat/strings.h"

#include <algorithm>
#include <cmath>

namespace gradus::chat {

namespace {

constexpr std::size_t kValueBytes = 64; ///< what an item of a list counts for

Value joinedLists(const List& left, const List& right, Budget& budget)
{
    budget.bytes((left.items.size() + right.items.size()) * kValueBytes);
    std::vector<Value> items = left.items;
    items.insert(items.end(), right.items.begin(), right.items.end());
    return Value::list(std::move(items), left.tuple);
}

Value repeated(const std::string& text, std::int64_t count, Budget& budget)
{
    std::string made;
    if (text.empty()) return Value::text(made);
    for (std::int64_t i = 0; i < count; ++i) {
        budget.bytes(text.size());
        made += text;
    }
    return Value::text(std::move(made));
}

[[noreturn]] void noSense(const std::string& sign, const Value& left, const Value& right)
{
    for (const Value* side : {&left, &right})
        if (const auto* undefined = std::get_if<Undefined>(&side->content()))
            throw Fault{0, "\"" + visible(undefined->name, 60) + "\" is undefined"};
    throw Fault{0, "\"" + sign + "\" between a " + left.kind() + " and a " + right.kind()};
}

Value integerResult(char sign, std::int64_t a, std::int64_t b)
{
    std::int64_t made = 0;
    const bool over = sign == '+'   ? __builtin_add_overflow(a, b, &made)
                      : sign == '-' ? __builtin_sub_overflow(a, b, &made)
                                    : __builtin_mul_overflow(a, b, &made);
    if (over) throw Fault{0, "a number is beyond 64 bits"};
    return Value::integer(made);
}

/// Towards minus infinity, as Python divides.
Value dividedDown(std::int64_t a, std::int64_t b, bool remainder)
{
    if (b == -1) return remainder ? Value::integer(0) : integerResult('-', 0, a);
    std::int64_t quotient = a / b;
    std::int64_t rest = a % b;
    if (rest != 0 && (rest < 0) != (b < 0)) {
        --quotient;
        rest += b;
    }
    return Value::integer(remainder ? rest : quotient);
}

Value arithmetic(const std::string& sign, const Value& left, const Value& right)
{
    const bool whole = left.isInteger() && right.isInteger();
    const char first = sign.front();
    if (first == '/' || first == '%') {
        if (right.toNumber() == 0) throw Fault{0, "a division by zero"};
        if (sign == "/") return Value::number(left.toNumber() / right.toNumber());
        if (whole) return dividedDown(left.toInteger(), right.toInteger(), first == '%');
        const double quotient = std::floor(left.toNumber() / right.toNumber());
        return Value::number(first == '%' ? left.toNumber() - quotient * right.toNumber() : quotient);
    }
    if (whole) return integerResult(first, left.toInteger(), right.toInteger());
    const double a = left.toNumber();
    const double b = right.toNumber();
    return Value::number(first == '+' ? a + b : first == '-' ? a - b : a * b);
}

Value mapMethod(const Map& map, const std::string& name, const Arguments& arguments, Budget& budget)
{
    budget.bytes(map.entries.size() * kValueBytes);
    if (name == "get") {
        const Value* key = arguments.find(0, "key");
        const Value* found = key != nullptr && key->asText() != nullptr ? map.find(*key->asText()) : nullptr;
        if (found != nullptr) return *found;
        const Value* otherwise = arguments.find(1, "default");
        return otherwise != nullptr ? *otherwise : Value::none();
    }
    std::vector<Value> items;
    for (const auto& [key, value] : map.entries) {
        if (name == "keys")
            items.push_back(Value::text(key));
        else if (name == "values")
            items.push_back(value);
        else if (name == "items")
            items.push_back(Value::list({Value::text(key), value}, true));
        else
            throw Fault{0, "dict." + visible(name, 40) + "() is not supported"};
    }
    return Value::list(std::move(items));
}

} // namespace

Value memberOf(const Value& subject, const std::string& name)
{
    if (const Map* map = subject.asMap())
        if (const Value* found = map->find(name)) return *found;
    return Value::undefined(name);
}

std::vector<Value> itemsOf(const Value& subject, Budget& budget)
{
    std::vector<Value> items;
    if (const List* list = subject.asList()) {
        budget.bytes(list->items.size() * kValueBytes);
        return list->items;
    }
    if (const Map* map = subject.asMap()) {
        for (const auto& entry : map->entries)
            items.push_back(Value::text(entry.first));
    } else if (const std::string* text = subject.asText()) {
        budget.bytes(text->size() * kValueBytes);
        for (const std::string_view character : characters(*text))
            items.push_back(Value::text(std::string(character)));
    } else if (!subject.isUndefined()) {
        throw Fault{0, "a " + subject.kind() + " has no items"};
    }
    budget.bytes(items.size() * kValueBytes);
    return items;
}

bool contains(const Value& container, const Value& item, Budget& budget)
{
    if (const std::string* text = container.asText()) {
        if (item.asText() == nullptr) throw Fault{0, "only a string can be in a string, not a " + item.kind()};
        budget.bytes(text->size() / 16); // a search is work
        return text->find(*item.asText()) != std::string::npos;
    }
    if (const Map* map = container.asMap()) return item.asText() != nullptr && map->find(*item.asText()) != nullptr;
    if (const List* list = container.asList())
        return std::ranges::any_of(list->items, [&](const Value& one) { return equal(one, item, budget); });
    if (container.isUndefined()) return false;
    throw Fault{0, "nothing can be in a " + container.kind()};
}

Value binaryResult(const std::string& sign, const Value& left, const Value& right, Budget& budget)
{
    if (sign == "==") return Value::boolean(equal(left, right, budget));
    if (sign == "!=") return Value::boolean(!equal(left, right, budget));
    if (sign == "in") return Value::boolean(contains(right, left, budget));
    if (sign == "not in") return Value::boolean(!contains(right, left, budget));
    if (sign == "<") return Value::boolean(order(left, right, budget) < 0);
    if (sign == "<=") return Value::boolean(order(left, right, budget) <= 0);
    if (sign == ">") return Value::boolean(order(left, right, budget) > 0);
    if (sign == ">=") return Value::boolean(order(left, right, budget) >= 0);
    if (sign == "~") {
        std::string made = shown(left, budget) + shown(right, budget);
        budget.bytes(made.size());
        return Value::text(std::move(made));
    }
    if (left.isNumber() && right.isNumber()) return arithmetic(sign, left, right);
    const std::string* a = left.asText();
    const std::string* b = right.asText();
    if (sign == "+" && a != nullptr && b != nullptr) {
        budget.bytes(a->size() + b->size());
        return Value::text(*a + *b);
    }
    if (sign == "+" && left.asList() != nullptr && right.asList() != nullptr)
        return joinedLists(*left.asList(), *right.asList(), budget);
    if (sign == "*" && a != nullptr && right.isInteger()) return repeated(*a, right.toInteger(), budget);
    if (sign == "*" && left.isInteger() && b != nullptr) return repeated(*b, left.toInteger(), budget);
    noSense(sign, left, right);
}

Value sliceOf(const Value& subject, std::span<const Value* const, 3> bounds, Budget& budget)
{
    if (subject.asText() == nullptr && subject.asList() == nullptr)
        throw Fault{0, "a " + subject.kind() + " has no slices"};
    const std::vector<Value> items = itemsOf(subject, budget);
    const auto count = static_cast<std::int64_t>(items.size());
    const auto bound = [&](std::size_t place, std::int64_t otherwise) {
        if (bounds[place] == nullptr || bounds[place]->isNone()) return otherwise;
        if (!bounds[place]->isInteger()) throw Fault{0, "a slice has a bound that is no whole number"};
        return bounds[place]->toInteger();
    };
    const std::int64_t step = bound(2, 1);
    if (step == 0) throw Fault{0, "a slice has a step of 0"};
    const std::int64_t least = step > 0 ? 0 : -1;
    const std::int64_t most = step > 0 ? count : count - 1;
    const auto clamped = [&](std::size_t place, std::int64_t otherwise) {
        if (bounds[place] == nullptr || bounds[place]->isNone()) return otherwise;
        const std::int64_t at = bound(place, 0);
        return std::clamp(at < 0 ? at + count : at, least, most);
    };
    const std::int64_t from = clamped(0, step > 0 ? 0 : count - 1);
    const std::int64_t to = clamped(1, step > 0 ? count : -1);
    std::vector<Value> some;
    for (std::int64_t at = from; step > 0 ? at < to : at > to;) {
        some.push_back(items[static_cast<std::size_t>(at)]);
        if (__builtin_add_overflow(at, step, &at)) break;
    }
    if (subject.asText() == nullptr)
        return Value::list(std::move(some), subject.asList() != nullptr && subject.asList()->tuple);
    std::string made;
    for (const Value& one : some)
        made += *one.asText();
    return Value::text(std::move(made));
}

Value callMethod(const Value& subject, const std::string& name, const Arguments& arguments, Budget& budget)
{
    if (const std::string* text = subject.asText()) return textMethod(*text, name, arguments, budget);
    if (const Map* map = subject.asMap()) return mapMethod(*map, name, arguments, budget);
    throw Fault{0, subject.kind() + "." + visible(name, 40) + "() is not supported"};
}

} // namespace gradus::chat
