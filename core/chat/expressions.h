// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a template, and expressions made of them: internal to the room.
#pragma once

#include "chat/lexer.h"
#include "chat/syntax.h"

#include <string_view>
#include <vector>

namespace gradus::chat {

/// A place in the words. A Fault for what does not follow the grammar.
class Reader final
{
public:
    explicit Reader(std::vector<Token> tokens) : m_tokens(std::move(tokens)) {}

    const Token& now() const { return m_tokens[m_at]; }
    Token take();
    bool is(TokenKind kind) const { return now().kind == kind; }
    bool is(TokenKind kind, std::string_view text) const { return is(kind) && now().text == text; }
    bool isOperator(std::string_view text) const { return is(TokenKind::Operator, text); }
    bool isName(std::string_view text) const { return is(TokenKind::Name, text); }
    bool takes(TokenKind kind, std::string_view text); ///< and moves on if so
    void expect(TokenKind kind, std::string_view text);
    std::string name(); ///< a Name, or a fault
    const Token& after() const { return m_tokens[std::min(m_at + 1, m_tokens.size() - 1)]; }
    [[noreturn]] void unexpected() const;

    ExpressionPointer expression(); ///< with "a if b else c"
    ExpressionPointer withoutChoice();
    ExpressionPointer tuple(); ///< expression, or several with commas

private:
    class Nesting;
    ExpressionPointer node(ExpressionKind kind, std::string text = {}) const;
    ExpressionPointer binary(std::string text, ExpressionPointer left, ExpressionPointer right) const;
    ExpressionPointer either();
    ExpressionPointer both();
    ExpressionPointer negation();
    ExpressionPointer comparison();
    ExpressionPointer sum();
    ExpressionPointer joined();
    ExpressionPointer product();
    ExpressionPointer power();
    ExpressionPointer unary(bool filters);
    ExpressionPointer primary();
    ExpressionPointer listOrMap();
    ExpressionPointer constant(Value value) const;
    ExpressionPointer postfix(ExpressionPointer left);
    ExpressionPointer filtered(ExpressionPointer left);
    ExpressionPointer item(ExpressionPointer left);
    void arguments(Expression& call);
    ExpressionPointer test(ExpressionPointer left);

    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    int m_depth = 0;
};

} // namespace gradus::chat
