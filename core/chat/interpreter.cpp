// SPDX-License-Identifier: GPL-3.0-or-later
#include "chat/interpreter.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace gradus::chat {

namespace {

enum class Flow
{
    On,
    Break,
    Continue,
};

constexpr std::int64_t kLongestRange = 100'000; // as in Jinja's sandbox

class Interpreter final
{
public:
    explicit Interpreter(const Map& variables)
    {
        m_scopes.emplace_back();
        for (const char* name : {"range", "namespace", "dict", "raise_exception"})
            m_scopes.back().set(name, Value::Content(Function{name}));
        for (const auto& [name, value] : variables.entries)
            m_scopes.back().set(name, value);
    }

    std::string run(const std::vector<Statement>& statements)
    {
        block(statements);
        return std::move(m_out);
    }

private:
    using Scope = Map;

    void print(const std::string& text)
    {
        m_budget.bytes(text.size());
        m_out += text;
    }

    Flow block(const std::vector<Statement>& statements)
    {
        for (const Statement& statement : statements) {
            try {
                m_budget.step();
                if (const Flow flow = execute(statement); flow != Flow::On) return flow;
            } catch (Fault& fault) {
                if (fault.line == 0) fault.line = statement.line;
                throw;
            }
        }
        return Flow::On;
    }

    Flow execute(const Statement& statement)
    {
        switch (statement.kind) {
        case StatementKind::Data:
            print(statement.text);
            break;
        case StatementKind::Print:
            print(shown(evaluate(*statement.value), m_budget));
            break;
        case StatementKind::If:
            return block(evaluate(*statement.value).truth() ? statement.body : statement.otherwise);
        case StatementKind::For:
            return loop(statement);
        case StatementKind::Set:
            assign(statement.targets, evaluate(*statement.value));
            break;
        case StatementKind::SetBlock:
            assign(statement.targets, Value::text(captured(statement.body)));
            break;
        case StatementKind::Define:
            m_scopes.back().set(statement.text, Value::Content(Macro{&statement}));
            break;
        case StatementKind::Body:
            return block(statement.body);
        case StatementKind::Break:
            return Flow::Break;
        case StatementKind::Continue:
            return Flow::Continue;
        }
        return Flow::On;
    }

    /// What the statements print, in a scope of their own.
    std::string captured(const std::vector<Statement>& statements)
    {
        std::string outer = std::exchange(m_out, {});
        m_scopes.emplace_back();
        block(statements);
        m_scopes.pop_back();
        return std::exchange(m_out, std::move(outer));
    }

    void assign(const std::vector<std::string>& targets, const Value& value)
    {
        if (targets.size() == 1) return assignOne(targets.front(), value);
        const std::vector<Value> items = itemsOf(value, m_budget);
        if (items.size() != targets.size())
            throw Fault{0, std::to_string(targets.size()) + " names are set to " + std::to_string(items.size()) +
                               " values"};
        for (std::size_t i = 0; i < items.size(); ++i)
            assignOne(targets[i], items[i]);
    }

    void assignOne(const std::string& target, const Value& value)
    {
        const std::size_t dot = target.find('.');
        if (dot == std::string::npos) return m_scopes.back().set(target, value);
        const Value space = variable(target.substr(0, dot));
        Namespace* const* found = std::get_if<Namespace*>(&space.content());
        if (found == nullptr)
            throw Fault{0, "\"" + target.substr(0, dot) + "\" is no namespace, so that it cannot be changed"};
        (*found)->map.set(target.substr(dot + 1), value);
    }

    Value variable(const std::string& name) const
    {
        for (std::size_t i = m_scopes.size(); i-- > m_base;)
            if (const Value* found = m_scopes[i].find(name)) return *found;
        const Value* found = m_scopes.front().find(name);
        return found != nullptr ? *found : Value::undefined(name);
    }

    std::vector<Value> kept(const Statement& statement)
    {
        std::vector<Value> all = itemsOf(evaluate(*statement.value), m_budget);
        if (statement.condition == nullptr) return all;
        std::vector<Value> some;
        m_scopes.emplace_back();
        for (const Value& item : all) {
            assign(statement.targets, item);
            if (evaluate(*statement.condition).truth()) some.push_back(item);
        }
        m_scopes.pop_back();
        return some;
    }

    static Value loopState(const std::vector<Value>& items, std::size_t at)
    {
        const auto count = static_cast<std::int64_t>(items.size());
        const auto index = static_cast<std::int64_t>(at);
        Map state;
        state.set("index", Value::integer(index + 1));
        state.set("index0", Value::integer(index));
        state.set("revindex", Value::integer(count - index));
        state.set("revindex0", Value::integer(count - index - 1));
        state.set("first", Value::boolean(at == 0));
        state.set("last", Value::boolean(at + 1 == items.size()));
        state.set("length", Value::integer(count));
        // Neighbours nest no deeper than the list that holds them.
        if (at > 0) state.set("previtem", items[at - 1]);
        if (at + 1 < items.size()) state.set("nextitem", items[at + 1]);
        return Value::map(std::move(state));
    }

    Flow loop(const Statement& statement)
    {
        const std::vector<Value> items = kept(statement);
        if (items.empty()) return block(statement.otherwise);
        for (std::size_t at = 0; at < items.size(); ++at) {
            m_budget.step(10);
            m_scopes.emplace_back();
            m_scopes.back().set("loop", loopState(items, at));
            assign(statement.targets, items[at]);
            const Flow flow = block(statement.body);
            m_scopes.pop_back();
            if (flow == Flow::Break) break;
        }
        return Flow::On;
    }

    Value evaluate(const Expression& expression)
    {
        try {
            m_budget.step();
            return valueOf(expression);
        } catch (Fault& fault) {
            if (fault.line == 0) fault.line = expression.line;
            throw;
        }
    }

    Value valueOf(const Expression& expression)
    {
        const auto& parts = expression.parts;
        switch (expression.kind) {
        case ExpressionKind::Constant:
            return expression.constant;
        case ExpressionKind::Name:
            return variable(expression.text);
        case ExpressionKind::ListOf: {
            std::vector<Value> items;
            for (const auto& part : parts)
                items.push_back(evaluate(*part));
            return Value::list(std::move(items), expression.text == "tuple");
        }
        case ExpressionKind::MapOf:
            return mapOf(expression);
        case ExpressionKind::Attribute:
            return attribute(evaluate(*parts[0]), expression.text);
        case ExpressionKind::Item:
            return item(evaluate(*parts[0]), evaluate(*parts[1]));
        case ExpressionKind::Slice:
            return slice(expression);
        case ExpressionKind::Call:
            return call(expression);
        case ExpressionKind::Filter: {
            const Value subject = evaluate(*parts[0]);
            return applyFilter(expression.text, subject, argumentsOf(expression), m_budget);
        }
        case ExpressionKind::Test: {
            const Value subject = evaluate(*parts[0]);
            return Value::boolean(applyTest(expression.text, subject, argumentsOf(expression), m_budget));
        }
        case ExpressionKind::Unary:
            return unary(expression);
        case ExpressionKind::Binary:
            return binary(expression);
        case ExpressionKind::Choice:
            if (evaluate(*parts[1]).truth()) return evaluate(*parts[0]);
            return parts[2] != nullptr ? evaluate(*parts[2]) : Value::undefined("the other choice");
        }
        return {};
    }

    Value mapOf(const Expression& expression)
    {
        Map map;
        for (std::size_t i = 0; i + 1 < expression.parts.size(); i += 2) {
            const Value key = evaluate(*expression.parts[i]);
            if (key.asText() == nullptr) throw Fault{0, "a key that is no string is not supported"};
            map.set(*key.asText(), evaluate(*expression.parts[i + 1]));
        }
        return Value::map(std::move(map));
    }

    static void needDefined(const Value& value)
    {
        if (const auto* undefined = std::get_if<Undefined>(&value.content()))
            throw Fault{0, "\"" + visible(undefined->name, 60) + "\" is undefined"};
    }

    static Value attribute(const Value& subject, const std::string& name)
    {
        needDefined(subject);
        return memberOf(subject, name);
    }

    Value item(const Value& subject, const Value& key)
    {
        needDefined(subject);
        if (const std::string* name = key.asText()) return memberOf(subject, *name);
        if (!key.isInteger()) return Value::undefined("item");
        std::int64_t at = key.toInteger();
        if (const List* list = subject.asList()) {
            const auto count = static_cast<std::int64_t>(list->items.size());
            if (at < 0) at += count;
            if (at >= 0 && at < count) return list->items[static_cast<std::size_t>(at)];
        } else if (const std::string* text = subject.asText()) {
            m_budget.bytes(text->size() / 16); // a search is work
            const auto all = characters(*text);
            if (at < 0) at += static_cast<std::int64_t>(all.size());
            if (at >= 0 && at < static_cast<std::int64_t>(all.size()))
                return Value::text(std::string(all[static_cast<std::size_t>(at)]));
        }
        return Value::undefined("item " + std::to_string(key.toInteger()));
    }

    Value slice(const Expression& expression)
    {
        const Value subject = evaluate(*expression.parts[0]);
        needDefined(subject);
        std::array<Value, 3> values;
        std::array<const Value*, 3> bounds{};
        for (std::size_t i = 0; i < 3; ++i)
            if (const auto& part = expression.parts[i + 1]) {
                values[i] = evaluate(*part);
                bounds[i] = &values[i];
            }
        return sliceOf(subject, bounds, m_budget);
    }

    Arguments argumentsOf(const Expression& expression)
    {
        Arguments made;
        for (std::size_t i = 1; i < expression.parts.size(); ++i)
            made.values.push_back(evaluate(*expression.parts[i]));
        for (const auto& [name, value] : expression.named)
            made.named.emplace_back(name, evaluate(*value));
        return made;
    }

    Value call(const Expression& expression)
    {
        const Expression& callee = *expression.parts[0];
        if (callee.kind == ExpressionKind::Attribute) {
            const Value subject = evaluate(*callee.parts[0]);
            needDefined(subject);
            return callMethod(subject, callee.text, argumentsOf(expression), m_budget);
        }
        const Value target = evaluate(callee);
        const Arguments arguments = argumentsOf(expression);
        if (const Macro* macro = std::get_if<Macro>(&target.content())) return callMacro(*macro->statement, arguments);
        if (const Function* function = std::get_if<Function>(&target.content()))
            return callFunction(function->name, arguments);
        needDefined(target);
        throw Fault{0, "a value of the kind " + target.kind() + " cannot be called"};
    }

    Value callMacro(const Statement& macro, const Arguments& arguments)
    {
        m_budget.nest();
        if (arguments.values.size() > macro.targets.size())
            throw Fault{0, "the macro \"" + macro.text + "\" is given more than its " +
                               std::to_string(macro.targets.size()) + " values"};
        for (const auto& [name, value] : arguments.named)
            if (std::ranges::find(macro.targets, name) == macro.targets.end())
                throw Fault{0, "the macro \"" + macro.text + "\" has no argument \"" + visible(name, 40) + "\""};
        const std::size_t base = std::exchange(m_base, m_scopes.size());
        m_scopes.emplace_back();
        const std::size_t withoutDefault = macro.targets.size() - macro.defaults.size();
        for (std::size_t i = 0; i < macro.targets.size(); ++i) {
            const Value* given = arguments.find(i, macro.targets[i]);
            Value value = Value::undefined(macro.targets[i]);
            if (given != nullptr)
                value = *given;
            else if (i >= withoutDefault)
                value = evaluate(*macro.defaults[i - withoutDefault]);
            m_scopes.back().set(macro.targets[i], std::move(value));
        }
        std::string made = captured(macro.body);
        m_scopes.pop_back();
        m_base = base;
        m_budget.unnest();
        return Value::text(std::move(made));
    }

    Value callFunction(const std::string& name, const Arguments& arguments)
    {
        if (name == "raise_exception") {
            const Value* said = arguments.find(0, "message");
            throw Fault{0, "the template refuses these messages: \"" +
                               visible(said != nullptr ? shown(*said, m_budget) : "", 160) + "\""};
        }
        if (name == "range") return range(arguments);
        Map map;
        for (const Value& value : arguments.values) {
            const Map* given = value.asMap();
            if (given == nullptr) throw Fault{0, name + "() takes names and a dict alone"};
            for (const auto& [key, entry] : given->entries)
                map.set(key, entry);
        }
        for (const auto& [key, value] : arguments.named)
            map.set(key, value);
        if (name == "dict") return Value::map(std::move(map));
        m_namespaces.push_back(std::make_unique<Namespace>(Namespace{std::move(map)}));
        return Value::Content(m_namespaces.back().get());
    }

    Value range(const Arguments& arguments)
    {
        std::array<std::int64_t, 3> bounds = {0, 0, 1};
        const std::size_t count = arguments.values.size();
        if (count < 1 || count > 3 || !arguments.named.empty()) throw Fault{0, "range() takes one to three numbers"};
        for (std::size_t i = 0; i < count; ++i) {
            if (!arguments.values[i].isInteger()) throw Fault{0, "range() takes whole numbers"};
            bounds[count == 1 ? 1 : i] = arguments.values[i].toInteger();
        }
        const auto [from, to, step] = bounds;
        if (step == 0) throw Fault{0, "range() has a step of 0"};
        std::vector<Value> items;
        for (std::int64_t at = from; step > 0 ? at < to : at > to;) {
            items.push_back(Value::integer(at));
            m_budget.step();
            if (items.size() > static_cast<std::size_t>(kLongestRange))
                throw Fault{0, "range() has more than 100,000 items"};
            if (__builtin_add_overflow(at, step, &at)) break;
        }
        return Value::list(std::move(items));
    }

    Value unary(const Expression& expression)
    {
        const Value value = evaluate(*expression.parts[0]);
        if (expression.text == "not") return Value::boolean(!value.truth());
        if (!value.isNumber()) throw Fault{0, "\"" + expression.text + "\" before a " + value.kind()};
        if (!value.isInteger()) return Value::number(expression.text == "-" ? -value.toNumber() : value.toNumber());
        return binaryResult(expression.text, Value::integer(0), value, m_budget);
    }

    Value binary(const Expression& expression)
    {
        const Value left = evaluate(*expression.parts[0]);
        if (expression.text == "and") return left.truth() ? evaluate(*expression.parts[1]) : left;
        if (expression.text == "or") return left.truth() ? left : evaluate(*expression.parts[1]);
        return binaryResult(expression.text, left, evaluate(*expression.parts[1]), m_budget);
    }

    Budget m_budget;
    std::vector<Scope> m_scopes;
    std::size_t m_base = 0; ///< first scope of the macro that runs
    std::string m_out;
    std::vector<std::unique_ptr<Namespace>> m_namespaces;
};

} // namespace

const Value* Arguments::find(std::size_t place, std::string_view name) const
{
    if (place < values.size()) return &values[place];
    const auto found = std::ranges::find_if(named, [&](const auto& entry) { return entry.first == name; });
    return found == named.end() ? nullptr : &found->second;
}

std::string runTemplate(const std::vector<Statement>& statements, const Map& variables)
{
    return Interpreter(variables).run(statements);
}

} // namespace gradus::chat
