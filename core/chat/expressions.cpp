// SPDX-License-Identifier: GPL-3.0-or-later
#include "chat/expressions.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gradus::chat {

namespace {

constexpr int kDeepest = 40;
constexpr int kDeepestTree = 120; ///< of operators one after another too: the interpreter recurses

void deepen(Expression& parent, const Expression& part)
{
    parent.depth = std::max(parent.depth, part.depth + 1);
    if (parent.depth > kDeepestTree) throw Fault{parent.line, "an expression has more than 120 parts in each other"};
}

void adopt(Expression& parent, ExpressionPointer part)
{
    if (part != nullptr) deepen(parent, *part);
    parent.parts.push_back(std::move(part));
}

} // namespace

/// Parentheses within parentheses: the parser and the interpreter recurse.
class Reader::Nesting final
{
public:
    explicit Nesting(Reader& reader) : m_reader(reader)
    {
        if (++reader.m_depth > kDeepest) throw Fault{reader.now().line, "expressions are nested more than 40 deep"};
    }
    ~Nesting() { --m_reader.m_depth; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

private:
    Reader& m_reader;
};

Token Reader::take()
{
    Token token = now();
    if (m_at + 1 < m_tokens.size()) ++m_at;
    return token;
}

bool Reader::takes(TokenKind kind, std::string_view text)
{
    if (!is(kind, text)) return false;
    take();
    return true;
}

void Reader::expect(TokenKind kind, std::string_view text)
{
    if (!is(kind) || (!text.empty() && now().text != text)) unexpected();
    take();
}

std::string Reader::name()
{
    if (!is(TokenKind::Name)) unexpected();
    return take().text;
}

void Reader::unexpected() const
{
    if (now().text.empty()) throw Fault{now().line, "a tag ends too early or a word is missing"};
    throw Fault{now().line, "unexpected \"" + visible(now().text, 40) + "\""};
}

ExpressionPointer Reader::node(ExpressionKind kind, std::string text) const
{
    auto made = std::make_unique<Expression>();
    made->kind = kind;
    made->line = now().line;
    made->text = std::move(text);
    return made;
}

ExpressionPointer Reader::binary(std::string text, ExpressionPointer left, ExpressionPointer right) const
{
    auto made = node(ExpressionKind::Binary, std::move(text));
    made->line = left->line;
    adopt(*made, std::move(left));
    adopt(*made, std::move(right));
    return made;
}

ExpressionPointer Reader::constant(Value value) const
{
    auto made = node(ExpressionKind::Constant);
    made->constant = std::move(value);
    return made;
}

ExpressionPointer Reader::tuple()
{
    auto first = expression();
    if (!isOperator(",")) return first;
    auto made = node(ExpressionKind::ListOf, "tuple");
    adopt(*made, std::move(first));
    while (takes(TokenKind::Operator, ",")) {
        if (is(TokenKind::EndBlock) || is(TokenKind::EndPrint) || isOperator(")") || isOperator("=")) break;
        adopt(*made, expression());
    }
    return made;
}

ExpressionPointer Reader::expression()
{
    const Nesting nesting(*this);
    auto value = either();
    while (takes(TokenKind::Name, "if")) {
        auto made = node(ExpressionKind::Choice);
        adopt(*made, std::move(value));
        adopt(*made, either());
        adopt(*made, takes(TokenKind::Name, "else") ? expression() : nullptr);
        value = std::move(made);
    }
    return value;
}

ExpressionPointer Reader::withoutChoice()
{
    const Nesting nesting(*this);
    return either();
}

ExpressionPointer Reader::either()
{
    auto left = both();
    while (takes(TokenKind::Name, "or"))
        left = binary("or", std::move(left), both());
    return left;
}

ExpressionPointer Reader::both()
{
    auto left = negation();
    while (takes(TokenKind::Name, "and"))
        left = binary("and", std::move(left), negation());
    return left;
}

ExpressionPointer Reader::negation()
{
    if (!isName("not")) return comparison();
    const Nesting nesting(*this);
    auto made = node(ExpressionKind::Unary, "not");
    take();
    adopt(*made, negation());
    return made;
}

ExpressionPointer Reader::comparison()
{
    static constexpr std::array<std::string_view, 6> operators = {"==", "!=", "<", "<=", ">", ">="};
    auto left = sum();
    bool compared = false;
    while (true) {
        std::string found;
        if (is(TokenKind::Operator) && std::ranges::find(operators, now().text) != operators.end())
            found = take().text;
        else if (takes(TokenKind::Name, "in"))
            found = "in";
        else if (isName("not") && after().kind == TokenKind::Name && after().text == "in") {
            take();
            take();
            found = "not in";
        } else
            return left;
        if (compared) throw Fault{now().line, "a chain of comparisons is not supported; join them with \"and\""};
        compared = true;
        left = binary(std::move(found), std::move(left), sum());
    }
}

ExpressionPointer Reader::sum()
{
    auto left = joined();
    while (isOperator("+") || isOperator("-")) {
        std::string sign = take().text;
        left = binary(std::move(sign), std::move(left), joined());
    }
    return left;
}

ExpressionPointer Reader::joined()
{
    auto left = product();
    while (takes(TokenKind::Operator, "~"))
        left = binary("~", std::move(left), product());
    return left;
}

ExpressionPointer Reader::product()
{
    auto left = power();
    while (isOperator("*") || isOperator("/") || isOperator("//") || isOperator("%")) {
        std::string sign = take().text;
        left = binary(std::move(sign), std::move(left), power());
    }
    return left;
}

ExpressionPointer Reader::power()
{
    auto left = unary(true);
    if (isOperator("**")) throw Fault{now().line, "\"**\" is not supported"};
    return left;
}

ExpressionPointer Reader::unary(bool filters)
{
    ExpressionPointer made;
    if (isOperator("-") || isOperator("+")) {
        const Nesting nesting(*this);
        made = node(ExpressionKind::Unary, take().text);
        adopt(*made, unary(false));
    } else {
        made = primary();
    }
    made = postfix(std::move(made));
    return filters ? filtered(std::move(made)) : std::move(made);
}

ExpressionPointer Reader::primary()
{
    const Token token = now();
    switch (token.kind) {
    case TokenKind::Name: {
        take();
        if (token.text == "true" || token.text == "True") return constant(Value::boolean(true));
        if (token.text == "false" || token.text == "False") return constant(Value::boolean(false));
        if (token.text == "none" || token.text == "None") return constant(Value::none());
        return node(ExpressionKind::Name, token.text);
    }
    case TokenKind::Text: {
        std::string text;
        while (is(TokenKind::Text))
            text += take().text;
        return constant(Value::text(std::move(text)));
    }
    case TokenKind::Integer: {
        take();
        std::int64_t value = 0;
        std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
        return constant(Value::integer(value));
    }
    case TokenKind::Number:
        take();
        return constant(Value::number(parseNumber(token.text).value_or(0)));
    default:
        break;
    }
    if (!isOperator("(")) return listOrMap();
    take();
    if (takes(TokenKind::Operator, ")")) return node(ExpressionKind::ListOf, "tuple");
    auto inner = tuple();
    expect(TokenKind::Operator, ")");
    return inner;
}

ExpressionPointer Reader::listOrMap()
{
    const bool list = isOperator("[");
    if (!list && !isOperator("{")) unexpected();
    auto made = node(list ? ExpressionKind::ListOf : ExpressionKind::MapOf);
    take();
    const std::string_view close = list ? "]" : "}";
    while (!isOperator(close)) {
        adopt(*made, expression());
        if (!list) {
            expect(TokenKind::Operator, ":");
            adopt(*made, expression());
        }
        if (!takes(TokenKind::Operator, ",")) break;
    }
    expect(TokenKind::Operator, close);
    return made;
}

ExpressionPointer Reader::postfix(ExpressionPointer left)
{
    while (true) {
        if (isOperator(".")) {
            take();
            if (is(TokenKind::Integer)) {
                auto made = node(ExpressionKind::Item);
                adopt(*made, std::move(left));
                adopt(*made, primary());
                left = std::move(made);
                continue;
            }
            auto made = node(ExpressionKind::Attribute, name());
            adopt(*made, std::move(left));
            left = std::move(made);
        } else if (isOperator("[")) {
            left = item(std::move(left));
        } else if (isOperator("(")) {
            auto made = node(ExpressionKind::Call);
            adopt(*made, std::move(left));
            arguments(*made);
            left = std::move(made);
        } else {
            return left;
        }
    }
}

ExpressionPointer Reader::item(ExpressionPointer left)
{
    expect(TokenKind::Operator, "[");
    auto made = node(ExpressionKind::Item);
    adopt(*made, std::move(left));
    for (int place = 0; place < 3; ++place) {
        const bool absent = isOperator(":") || isOperator("]");
        adopt(*made, absent ? nullptr : expression());
        if (!takes(TokenKind::Operator, ":")) break;
        made->kind = ExpressionKind::Slice;
    }
    expect(TokenKind::Operator, "]");
    if (made->kind == ExpressionKind::Item && made->parts[1] == nullptr) unexpected();
    if (made->kind == ExpressionKind::Slice) made->parts.resize(4);
    return made;
}

void Reader::arguments(Expression& call)
{
    expect(TokenKind::Operator, "(");
    while (!isOperator(")")) {
        if (isOperator("*") || isOperator("**")) throw Fault{now().line, "\"*\" in a call is not supported"};
        if (is(TokenKind::Name) && after().kind == TokenKind::Operator && after().text == "=") {
            std::string key = name();
            take();
            auto value = expression();
            deepen(call, *value);
            call.named.emplace_back(std::move(key), std::move(value));
        } else {
            adopt(call, expression());
        }
        if (!takes(TokenKind::Operator, ",")) break;
    }
    expect(TokenKind::Operator, ")");
}

ExpressionPointer Reader::filtered(ExpressionPointer left)
{
    while (true) {
        if (takes(TokenKind::Operator, "|")) {
            auto made = node(ExpressionKind::Filter, name());
            adopt(*made, std::move(left));
            if (isOperator("(")) arguments(*made);
            left = std::move(made);
        } else if (isName("is")) {
            take();
            left = test(std::move(left));
        } else if (isOperator("(")) {
            auto made = node(ExpressionKind::Call);
            adopt(*made, std::move(left));
            arguments(*made);
            left = std::move(made);
        } else {
            return left;
        }
    }
}

ExpressionPointer Reader::test(ExpressionPointer left)
{
    const bool negated = takes(TokenKind::Name, "not");
    auto made = node(ExpressionKind::Test, name());
    adopt(*made, std::move(left));
    static constexpr std::array<std::string_view, 4> words = {"else", "or", "and", "is"};
    if (isOperator("("))
        arguments(*made);
    else if (is(TokenKind::Text) || is(TokenKind::Integer) || is(TokenKind::Number) || isOperator("[") ||
             isOperator("{") ||
             (is(TokenKind::Name) && std::ranges::find(words, now().text) == words.end() && now().text != "if" &&
              now().text != "in" && now().text != "not"))
        adopt(*made, postfix(primary()));
    if (!negated) return made;
    auto turned = node(ExpressionKind::Unary, "not");
    adopt(*turned, std::move(made));
    return turned;
}

} // namespace gradus::chat
