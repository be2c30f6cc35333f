// SPDX-License-Identifier: GPL-3.0-or-later
// Values of the template language, and what Python makes of them as text, truth and order: internal to the room.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gradus::chat {

/// Ends a rendering; caught where one begins, so that no operator has to hand errors on. line 0: the place is added by
/// the node in which it happened.
struct Fault
{
    int line = 0;
    std::string sentence;
};

/// What one rendering may use. A template is a stranger's program: it must end, and soon.
class Budget final
{
public:
    void step(std::size_t count = 1);
    void bytes(std::size_t count); ///< made, whether or not kept
    void nest();                   ///< one macro, or one filter within a filter, deeper
    void unnest() { --m_depth; }

private:
    std::size_t m_steps = 0;
    std::size_t m_bytes = 0;
    int m_depth = 0;
};

class Value;
struct Statement;

struct Undefined
{
    std::string name;
};
struct List
{
    std::vector<Value> items;
    int depth = 1; ///< of lists and maps in each other
    bool tuple = false;
};
struct Map
{
    std::vector<std::pair<std::string, Value>> entries; ///< in the order of insertion
    int depth = 1;

    const Value* find(std::string_view key) const;
    void set(std::string key, Value value);
};
struct Namespace ///< the one thing that a template can change; owned by the rendering
{
    Map map;
};
struct Macro
{
    const Statement* statement = nullptr;
};
struct Function ///< of the environment: range, namespace, raise_exception, dict
{
    std::string name;
};

/// Immutable, but for what a namespace holds; copies are cheap.
class Value final
{
public:
    using Text = std::shared_ptr<const std::string>;
    using ListPointer = std::shared_ptr<const List>;
    using MapPointer = std::shared_ptr<const Map>;
    using Content = std::variant<Undefined, std::nullptr_t, bool, std::int64_t, double, Text, ListPointer, MapPointer,
                                 Namespace*, Macro, Function>;

    Value() : m_content(Undefined{}) {}
    Value(Content content) : m_content(std::move(content)) {}
    static Value undefined(std::string name) { return Content(Undefined{std::move(name)}); }
    static Value none() { return Content(nullptr); }
    static Value boolean(bool value) { return Content(value); }
    static Value integer(std::int64_t value) { return Content(value); }
    static Value number(double value) { return Content(value); }
    static Value text(std::string value);
    static Value list(std::vector<Value> items, bool tuple = false); ///< a fault if nested too deeply
    static Value map(Map map);
    static Value fromJson(const nlohmann::ordered_json& json);

    const Content& content() const { return m_content; }
    bool isUndefined() const { return std::holds_alternative<Undefined>(m_content); }
    bool isNone() const { return std::holds_alternative<std::nullptr_t>(m_content); }
    bool isNumber() const; ///< truth values too, as in Python
    bool isInteger() const;
    const std::string* asText() const;
    const List* asList() const;
    const Map* asMap() const; ///< of a namespace too
    double toNumber() const;  ///< only where isNumber()
    std::int64_t toInteger() const;
    bool truth() const;
    std::string kind() const; ///< as Python calls it: "str", "NoneType", ...

private:
    Content m_content;
};

bool equal(const Value& a, const Value& b, Budget& budget);
/// Below 0, 0, above 0. A fault where Python has no order.
int order(const Value& a, const Value& b, Budget& budget);
/// What str() makes of it. Undefined is empty.
std::string shown(const Value& value, Budget& budget);
/// json.dumps(ensure_ascii=False); indent below 0: in one line.
std::string json(const Value& value, int indent, Budget& budget);
/// Characters of well-formed UTF-8.
std::vector<std::string_view> characters(std::string_view text);

} // namespace gradus::chat
