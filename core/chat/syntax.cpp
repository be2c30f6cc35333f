// SPDX-License-Identifier: GPL-3.0-or-later
#include "chat/syntax.h"

#include "base/text.h"
#include "chat/expressions.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace gradus::chat {

namespace {

constexpr std::size_t kLargest = std::size_t{256} << 10;
constexpr int kDeepestBlocks = 40;

/// Statements up to one of the words that end them.
class Parser final
{
public:
    explicit Parser(std::vector<Token> tokens) : m_reader(std::move(tokens)) {}

    std::vector<Statement> all()
    {
        std::vector<Statement> made = block({});
        if (!m_reader.is(TokenKind::End)) m_reader.unexpected();
        return made;
    }

private:
    /// Leaves the reader behind {% at the ending word.
    std::vector<Statement> block(std::initializer_list<std::string_view> ends)
    {
        if (++m_depth > kDeepestBlocks) throw Fault{m_reader.now().line, "blocks are nested more than 40 deep"};
        std::vector<Statement> made;
        while (true) {
            const Token token = m_reader.now();
            if (token.kind == TokenKind::End) {
                if (ends.size() > 0)
                    throw Fault{token.line, "{% " + std::string(*ends.begin()) + " %} is missing at its end"};
                break;
            }
            m_reader.take();
            if (token.kind == TokenKind::Data) {
                made.push_back({.kind = StatementKind::Data, .line = token.line, .text = token.text});
            } else if (token.kind == TokenKind::BeginPrint) {
                made.push_back({.kind = StatementKind::Print, .line = token.line, .value = m_reader.tuple()});
                m_reader.expect(TokenKind::EndPrint, "");
            } else {
                const std::string& word = m_reader.now().text;
                if (std::find(ends.begin(), ends.end(), word) != ends.end()) break;
                made.push_back(statement());
            }
        }
        --m_depth;
        return made;
    }

    void endOfTag() { m_reader.expect(TokenKind::EndBlock, ""); }

    Statement statement()
    {
        Statement made{.line = m_reader.now().line};
        const std::string word = m_reader.name();
        if (word == "if") {
            branch(made);
        } else if (word == "for") {
            loop(made);
        } else if (word == "set") {
            assignment(made);
        } else if (word == "macro") {
            macro(made);
        } else if (word == "generation") { // marks what training learns; it prints as it is
            made.kind = StatementKind::Body;
            endOfTag();
            made.body = block({"endgeneration"});
            m_reader.take();
            endOfTag();
        } else if (word == "break" || word == "continue") {
            made.kind = word == "break" ? StatementKind::Break : StatementKind::Continue;
            if (m_loops == 0) throw Fault{made.line, "{% " + word + " %} stands outside of a loop"};
            endOfTag();
        } else {
            throw Fault{made.line, "{% " + visible(word, 40) + " %} is not supported"};
        }
        return made;
    }

    void branch(Statement& made)
    {
        made.kind = StatementKind::If;
        made.value = m_reader.tuple();
        endOfTag();
        made.body = block({"endif", "elif", "else"});
        const std::string word = m_reader.name();
        if (word == "elif") {
            Statement inner{.line = m_reader.now().line};
            if (++m_depth > kDeepestBlocks) throw Fault{inner.line, "{% elif %} follows itself more than 40 times"};
            branch(inner);
            --m_depth;
            made.otherwise.push_back(std::move(inner));
            return;
        }
        endOfTag();
        if (word == "endif") return;
        made.otherwise = block({"endif"});
        m_reader.take();
        endOfTag();
    }

    void loop(Statement& made)
    {
        made.kind = StatementKind::For;
        made.targets = targets();
        m_reader.expect(TokenKind::Name, "in");
        made.value = m_reader.withoutChoice();
        if (m_reader.takes(TokenKind::Name, "if")) made.condition = m_reader.withoutChoice();
        if (m_reader.isName("recursive")) throw Fault{made.line, "a recursive loop is not supported"};
        endOfTag();
        ++m_loops;
        made.body = block({"endfor", "else"});
        --m_loops;
        if (m_reader.name() == "else") {
            endOfTag();
            made.otherwise = block({"endfor"});
            m_reader.take();
        }
        endOfTag();
    }

    /// "a", "a, b", "(a, b)" or "space.a".
    std::vector<std::string> targets()
    {
        const bool closed = m_reader.takes(TokenKind::Operator, "(");
        std::vector<std::string> made;
        do {
            std::string name = m_reader.name();
            static constexpr std::array<std::string_view, 3> fixed = {"true", "false", "none"};
            if (std::ranges::find(fixed, name) != fixed.end() || name == "loop")
                throw Fault{m_reader.now().line, "\"" + name + "\" cannot be set"};
            if (m_reader.takes(TokenKind::Operator, ".")) name += "." + m_reader.name();
            made.push_back(std::move(name));
        } while (m_reader.takes(TokenKind::Operator, ","));
        if (closed) m_reader.expect(TokenKind::Operator, ")");
        return made;
    }

    void assignment(Statement& made)
    {
        made.targets = targets();
        if (m_reader.takes(TokenKind::Operator, "=")) {
            made.kind = StatementKind::Set;
            made.value = m_reader.tuple();
            return endOfTag();
        }
        if (m_reader.isOperator("|")) throw Fault{made.line, "a filter on a {% set %} block is not supported"};
        made.kind = StatementKind::SetBlock;
        if (made.targets.size() != 1) throw Fault{made.line, "a {% set %} block has more than one name"};
        endOfTag();
        made.body = block({"endset"});
        m_reader.take();
        endOfTag();
    }

    void macro(Statement& made)
    {
        made.kind = StatementKind::Define;
        made.text = m_reader.name();
        m_reader.expect(TokenKind::Operator, "(");
        while (!m_reader.isOperator(")")) {
            made.targets.push_back(m_reader.name());
            if (m_reader.takes(TokenKind::Operator, "="))
                made.defaults.push_back(m_reader.expression());
            else if (!made.defaults.empty())
                throw Fault{made.line, "in a macro, a name without a default follows one with a default"};
            if (!m_reader.takes(TokenKind::Operator, ",")) break;
        }
        m_reader.expect(TokenKind::Operator, ")");
        endOfTag();
        const int loops = std::exchange(m_loops, 0);
        made.body = block({"endmacro"});
        m_loops = loops;
        m_reader.take();
        if (m_reader.is(TokenKind::Name)) m_reader.take();
        endOfTag();
    }

    Reader m_reader;
    int m_depth = 0;
    int m_loops = 0;
};

} // namespace

Error templateError(const std::string& file, const Fault& fault)
{
    Error error =
        badInput(file + ", line " + std::to_string(fault.line) + " of the chat template: " + fault.sentence + ".");
    error.line = fault.line;
    return error;
}

Result<std::vector<Statement>> parseTemplate(std::string_view source, const std::string& file)
{
    if (source.size() > kLargest) return badInput(file + ": the chat template is larger than 256 KiB; use another.");
    try {
        return Parser(tokensOf(source)).all();
    } catch (const Fault& fault) {
        return templateError(file, fault);
    }
}

} // namespace gradus::chat
