// SPDX-License-Identifier: GPL-3.0-or-later
#include "chat/lexer.h"

#include "base/text.h"
#include "chat/value.h"

#include <algorithm>
#include <array>
#include <optional>

namespace gradus::chat {

namespace {

constexpr std::string_view kSpace = " \t\n\v\f\r";

bool isSpace(char c)
{
    return kSpace.find(c) != std::string_view::npos;
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool beginsName(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Line ends as \n, and one at the very end taken away.
std::string normalised(std::string_view source)
{
    std::string made;
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] != '\r') {
            made += source[i];
            continue;
        }
        made += '\n';
        if (i + 1 < source.size() && source[i + 1] == '\n') ++i;
    }
    if (made.ends_with('\n')) made.pop_back();
    return made;
}

void appendUtf8(std::string& to, unsigned code)
{
    if (code < 0x80) {
        to += static_cast<char>(code);
    } else if (code < 0x800) {
        to += static_cast<char>(0xC0U | code >> 6U);
        to += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
        to += static_cast<char>(0xE0U | code >> 12U);
        to += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
        to += static_cast<char>(0x80U | (code & 0x3FU));
    }
}

class Lexer final
{
public:
    explicit Lexer(std::string_view source) : m_source(normalised(source)) {}

    std::vector<Token> run()
    {
        while (m_at < m_source.size()) {
            const std::size_t tag = nextTag();
            data(tag);
            if (tag >= m_source.size()) break;
            m_at = tag;
            const char kind = m_source[tag + 1];
            move(2);
            if (m_at < m_source.size() && (m_source[m_at] == '-' || m_source[m_at] == '+')) move(1);
            if (kind == '#')
                comment();
            else if (kind == '%' && rawBegins())
                raw();
            else
                inside(kind == '{');
        }
        add(TokenKind::End, "");
        return std::move(m_tokens);
    }

private:
    [[noreturn]] void fault(const std::string& sentence) const { throw Fault{m_line, sentence}; }

    void add(TokenKind kind, std::string text) { m_tokens.push_back({kind, std::move(text), m_line}); }

    void move(std::size_t bytes)
    {
        const std::size_t end = std::min(m_at + bytes, m_source.size());
        m_line += static_cast<int>(std::count(m_source.begin() + static_cast<std::ptrdiff_t>(m_at),
                                              m_source.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
        m_at = end;
    }

    bool starts(std::string_view word) const { return std::string_view(m_source).substr(m_at).starts_with(word); }

    std::size_t nextTag() const
    {
        for (std::size_t at = m_source.find('{', m_at); at != std::string::npos; at = m_source.find('{', at + 1))
            if (at + 1 < m_source.size() && std::string_view("{%#").find(m_source[at + 1]) != std::string_view::npos)
                return at;
        return m_source.size();
    }

    /// Text up to a tag, without the white space that the tag takes away before itself.
    void data(std::size_t tag)
    {
        std::string text = m_source.substr(m_at, tag - m_at);
        const bool atTag = tag < m_source.size();
        const char sign = atTag && tag + 2 < m_source.size() ? m_source[tag + 2] : ' ';
        if (atTag && sign == '-') {
            const std::size_t last = text.find_last_not_of(kSpace);
            text.erase(last == std::string::npos ? 0 : last + 1);
        } else if (atTag && sign != '+' && m_source[tag + 1] != '{') {
            const std::size_t newline = text.rfind('\n');
            const std::size_t line = newline == std::string::npos ? 0 : newline + 1;
            if ((newline != std::string::npos || m_lineBegins) &&
                text.find_first_not_of(kSpace, line) == std::string::npos)
                text.erase(line);
        }
        if (!text.empty()) add(TokenKind::Data, std::move(text));
        move(tag - m_at);
    }

    /// After a tag: "-" took all white space, else a block takes one line end.
    void closed(bool all, bool one)
    {
        m_lineBegins = false;
        if (all) {
            while (m_at < m_source.size() && isSpace(m_source[m_at])) {
                m_lineBegins = m_source[m_at] == '\n';
                move(1);
            }
        } else if (one && m_at < m_source.size() && m_source[m_at] == '\n') {
            move(1);
            m_lineBegins = true;
        }
    }

    void comment()
    {
        const std::size_t end = m_source.find("#}", m_at);
        if (end == std::string::npos) fault("a comment is not closed");
        const char sign = end > m_at ? m_source[end - 1] : ' ';
        move(end + 2 - m_at);
        closed(sign == '-', sign != '+');
    }

    std::size_t spaceEnd(std::size_t at) const
    {
        while (at < m_source.size() && isSpace(m_source[at]))
            ++at;
        return at;
    }

    bool rawBegins() const
    {
        const std::size_t at = spaceEnd(m_at);
        if (m_source.compare(at, 3, "raw") != 0) return false;
        const std::size_t end = spaceEnd(at + 3);
        return end < m_source.size() && (m_source[end] == '%' || m_source[end] == '-');
    }

    void raw() { fault("{% raw %} is not supported; no chat template of the known families uses it"); }

    /// The end of a tag here: its sign and length, if it is one.
    std::optional<std::pair<char, std::size_t>> tagEnd(bool print) const
    {
        const std::string_view close = print ? "}}" : "%}";
        if (starts(close)) return std::pair{' ', std::size_t{2}};
        if (starts("-" + std::string(close))) return std::pair{'-', std::size_t{3}};
        if (!print && starts("+%}")) return std::pair{'+', std::size_t{3}};
        return {};
    }

    void inside(bool print)
    {
        add(print ? TokenKind::BeginPrint : TokenKind::BeginBlock, "");
        std::string open;
        while (true) {
            while (m_at < m_source.size() && isSpace(m_source[m_at]))
                move(1);
            if (m_at >= m_source.size()) fault("a tag is not closed");
            if (open.empty())
                if (const auto end = tagEnd(print)) {
                    add(print ? TokenKind::EndPrint : TokenKind::EndBlock, "");
                    move(end->second);
                    closed(end->first == '-', !print && end->first != '+');
                    return;
                }
            word(open);
        }
    }

    void word(std::string& open)
    {
        const char c = m_source[m_at];
        if (beginsName(c)) {
            std::size_t end = m_at;
            while (end < m_source.size() && (beginsName(m_source[end]) || isDigit(m_source[end])))
                ++end;
            add(TokenKind::Name, m_source.substr(m_at, end - m_at));
            return move(end - m_at);
        }
        if (isDigit(c)) return number();
        if (c == '"' || c == '\'') return text(c);
        static constexpr std::array<std::string_view, 6> longOnes = {"==", "!=", "<=", ">=", "//", "**"};
        for (const std::string_view one : longOnes)
            if (starts(one)) {
                add(TokenKind::Operator, std::string(one));
                return move(2);
            }
        if (std::string_view("+-*/%~<>=()[]{}|.,:").find(c) == std::string_view::npos)
            fault("an unexpected character \"" + visible(std::string(1, c)) + "\"");
        if (c == '(' || c == '[' || c == '{') open += c;
        if (c == ')' || c == ']' || c == '}') {
            const char opener = c == ')' ? '(' : c == ']' ? '[' : '{';
            if (open.empty() || open.back() != opener) fault(std::string("an unexpected \"") + c + "\"");
            open.pop_back();
        }
        add(TokenKind::Operator, std::string(1, c));
        move(1);
    }

    void number()
    {
        std::string digits;
        std::size_t end = m_at;
        bool point = false;
        bool exponent = false;
        for (; end < m_source.size(); ++end) {
            const char c = m_source[end];
            const bool follows = end + 1 < m_source.size() && isDigit(m_source[end + 1]);
            if (c == '.' && !point && !exponent && follows)
                point = true;
            else if ((c == 'e' || c == 'E') && !exponent && follows)
                exponent = true;
            else if (c == '_' && follows)
                continue;
            else if (!isDigit(c))
                break;
            digits += c;
        }
        if (digits.size() > 18 && !point && !exponent) fault("a number has more than 18 digits");
        add(point || exponent ? TokenKind::Number : TokenKind::Integer, std::move(digits));
        move(end - m_at);
    }

    void text(char quote)
    {
        std::string made;
        std::size_t at = m_at + 1;
        for (;; ++at) {
            if (at >= m_source.size()) fault("a string is not closed");
            if (m_source[at] == quote) break;
            if (m_source[at] != '\\') {
                made += m_source[at];
                continue;
            }
            if (++at >= m_source.size()) fault("a string is not closed");
            escape(made, at);
        }
        add(TokenKind::Text, std::move(made));
        move(at + 1 - m_at);
    }

    /// at: of the character after the backslash; left at the last one that was used.
    void escape(std::string& made, std::size_t& at) const
    {
        static constexpr std::string_view from = "ntrbfav\\'\"";
        static constexpr std::string_view to = "\n\t\r\b\f\a\v\\'\"";
        const char c = m_source[at];
        if (const std::size_t known = from.find(c); known != std::string_view::npos) {
            made += to[known];
        } else if (c == 'x' || c == 'u') {
            const std::size_t digits = c == 'x' ? 2 : 4;
            unsigned code = 0;
            for (std::size_t i = 0; i < digits; ++i) {
                const char digit = ++at < m_source.size() ? m_source[at] : ' ';
                const std::size_t value = std::string_view("0123456789abcdef").find(static_cast<char>(digit | 0x20));
                if (value == std::string_view::npos) fault("an escape in a string is malformed");
                code = code * 16 + static_cast<unsigned>(value);
            }
            if (code >= 0xD800 && code < 0xE000) fault("an escape in a string is half a character");
            appendUtf8(made, code);
        } else if (c != '\n') { // Python keeps a backslash before what it does not know, and joins lines
            made += {'\\', c};
        }
    }

    std::string m_source;
    std::size_t m_at = 0;
    int m_line = 1;
    bool m_lineBegins = true;
    std::vector<Token> m_tokens;
};

} // namespace

std::vector<Token> tokensOf(std::string_view source)
{
    return Lexer(source).run();
}

} // namespace gradus::chat
