// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter/filter_terms.h"

#include "base/text.h"

#include <array>
#include <unicode/unistr.h>

namespace gradus::filter {

namespace {

constexpr std::ptrdiff_t kLongest = 1000; // characters
constexpr std::string_view kSpace = " \t\n\v\f\r";

bool isPlain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::ptrdiff_t charactersIn(std::string_view text)
{
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

std::string unquoted(std::string_view word)
{
    if (word.size() >= 2 && word.front() == '"' && word.back() == '"') word = word.substr(1, word.size() - 2);
    return folded(word);
}

bool has(const std::vector<std::string>& names, const std::string& name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string joined(const std::vector<std::string>& names)
{
    std::string all;
    for (const std::string& name : names)
        all += (all.empty() ? "" : ", ") + name;
    return all;
}

/// A comparison, or a word where key is empty.
struct Token
{
    std::string_view key;
    std::string_view op;
    std::string_view value; ///< of a comparison; empty where there is none yet
    std::string_view word;
};

/// Cuts a line into tokens from left to right.
class Scanner
{
public:
    explicit Scanner(std::string_view line) : m_rest(line) {}

    /// Nothing at the end of the line.
    std::optional<Token> next()
    {
        skipSpace(m_rest);
        if (m_rest.empty()) return std::nullopt;
        if (auto comparison = readComparison()) return comparison;
        return Token{.key = {}, .op = {}, .value = {}, .word = take(m_rest, wordLength(m_rest, true))};
    }

private:
    static void skipSpace(std::string_view& rest)
    {
        rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
    }
    static std::string_view take(std::string_view& rest, std::size_t length)
    {
        const std::string_view part = rest.substr(0, length);
        rest.remove_prefix(length);
        return part;
    }
    /// Of a quoted or bare word at the beginning; 0: there is none. A quote that is still open counts to the end where
    /// mayBeOpen.
    static std::size_t wordLength(std::string_view rest, bool mayBeOpen)
    {
        if (!rest.starts_with('"')) return std::min(rest.find_first_of(" \t\n\v\f\r\""), rest.size());
        const std::size_t end = rest.find('"', 1);
        if (end != std::string_view::npos) return end + 1;
        return mayBeOpen ? rest.size() : 0;
    }
    static std::size_t keyLength(std::string_view rest)
    {
        const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
        if (rest.empty() || !isLetter(rest.front())) return 0;
        const auto isOfKey = [&](char c) {
            return isLetter(c) || (c >= '0' && c <= '9') || c == '.' || c == '[' || c == ']';
        };
        return static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), isOfKey) - rest.begin());
    }

    std::optional<Token> readComparison()
    {
        static constexpr std::array<std::string_view, 12> ops{
            ":~", "=~", "!~", "~", ":", "==", "=", "!=", "<=", ">=", "<", ">"};
        std::string_view rest = m_rest;
        Token token{.key = take(rest, keyLength(rest)), .op = {}, .value = {}, .word = {}};
        if (token.key.empty()) return std::nullopt;
        skipSpace(rest);
        const auto op =
            std::find_if(ops.begin(), ops.end(), [&](std::string_view one) { return rest.starts_with(one); });
        if (op == ops.end()) return std::nullopt;
        token.op = take(rest, op->size());
        skipSpace(rest);
        token.value = take(rest, wordLength(rest, false));
        m_rest = rest;
        return token;
    }

    std::string_view m_rest;
};

} // namespace

std::string folded(std::string_view text)
{
    std::string made(text);
    if (isPlain(text)) {
        for (char& c : made)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        return made;
    }
    made.clear();
    icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())))
        .foldCase()
        .toUTF8String(made);
    return made;
}

Result<FilterTerms> FilterTerms::parse(std::string_view line, const FilterKeys& keys)
{
    if (charactersIn(line) > kLongest)
        return badInput("A filter has at most " + std::to_string(kLongest) + " characters.");
    FilterTerms terms;
    terms.m_searched = keys.searched;
    bool isNegated = false;
    bool isAlternative = false;
    // A line that is still being typed may end in `or` or `not`: they wait for what they belong to.
    const auto add = [&](Term term) {
        term.isNegated = std::exchange(isNegated, false);
        term.isAlternative = std::exchange(isAlternative, false) && !terms.m_terms.empty();
        terms.m_terms.push_back(std::move(term));
    };
    Scanner scanner(line);
    while (const auto token = scanner.next()) {
        if (!token->key.empty()) {
            const std::string key = folded(token->key);
            const auto alias = keys.aliases.find(key);
            auto term = comparison(alias == keys.aliases.end() ? key : alias->second, token->op, token->value, keys);
            if (!term) return term.error();
            add(std::move(*term));
            continue;
        }
        std::string plain = unquoted(token->word);
        std::erase(plain, '"');
        const bool isQuoted = token->word.starts_with('"');
        if (!isQuoted && plain == "and") continue;
        if (!isQuoted && plain == "or")
            isAlternative = true;
        else if (!isQuoted && plain == "not")
            isNegated = !isNegated;
        else if (!plain.empty())
            add(Term{.key = {}, .text = std::move(plain)});
    }
    return terms;
}

Result<std::pair<std::string, FilterTerms::Kind>> FilterTerms::keyNamed(const std::string& key, const FilterKeys& keys)
{
    using Found = std::pair<std::string, Kind>;
    if (has(keys.texts, key)) return Found{key, Kind::Text};
    if (has(keys.numbers, key)) return Found{key, Kind::Number};
    if (has(keys.words, key)) return Found{key, Kind::Words};
    if (has(keys.settings, key)) return Found{key, Kind::Setting};
    for (const std::string& prefix : keys.settingPrefixes)
        if (key.starts_with(prefix)) return Found{key, Kind::Setting};
    std::vector<std::string> alike;
    for (const std::string& setting : keys.settings)
        if (setting.ends_with("." + key)) alike.push_back(setting);
    if (alike.size() == 1) return Found{alike.front(), Kind::Setting};
    std::string sentence = "Nothing is called \"" + visible(key, 40) + "\"; ";
    if (alike.size() > 1) return badInput(sentence + "say which of " + joined(alike) + " is meant.");
    std::vector<std::string> known = keys.texts;
    known.insert(known.end(), keys.words.begin(), keys.words.end());
    known.insert(known.end(), keys.numbers.begin(), keys.numbers.end());
    sentence += "a filter may compare: " + joined(known);
    if (!keys.settings.empty()) sentence += ", and any key of an experiment, as gap.controller";
    known.insert(known.end(), keys.settings.begin(), keys.settings.end());
    const auto nearest = nearestWord(key, known);
    return badInput(sentence + (nearest ? "; did you mean " + *nearest + "?" : "."));
}

Result<FilterTerms::Term> FilterTerms::comparison(const std::string& key, std::string_view op, std::string_view value,
                                                  const FilterKeys& keys)
{
    static constexpr std::array<std::string_view, 6> ops{"=", "!=", "<", "<=", ">", ">="}; // as Operator's
    const auto named = keyNamed(key, keys);
    if (!named) return named.error();
    const auto& [meant, kind] = *named;
    if (value.empty()) return badInput("\"" + meant + "\" needs a value after it.");
    Term term{.key = meant, .kind = kind, .text = unquoted(value)};
    const bool isPart = op.ends_with('~');
    const bool isEqual = isPart || op == ":" || op == "==";
    term.op = op == "!~" ? Operator::NotEqual
              : isEqual  ? Operator::Equal
                         : static_cast<Operator>(std::find(ops.begin(), ops.end(), op) - ops.begin());
    if ((kind == Kind::Text || kind == Kind::Words) && term.op > Operator::NotEqual)
        return badInput("\"" + meant + "\" is a text; compare it with :, ~ or !=.");
    const std::optional<double> number = parseNumber(term.text);
    const bool mustBeNumber = kind == Kind::Number || term.op > Operator::NotEqual;
    if (mustBeNumber && (!number || isPart))
        return badInput("\"" + visible(value, 40) + "\" is not a number; \"" + meant + "\" compares with numbers.");
    if (mustBeNumber || (kind == Kind::Setting && !isPart)) term.number = number;
    if (kind == Kind::Words || kind == Kind::Setting)
        if (!isPart) term.text = framed(term.text);
    return term;
}

bool FilterTerms::compares(double number, const Term& term)
{
    switch (term.op) {
    case Operator::Equal:
        return number == *term.number;
    case Operator::NotEqual:
        return number != *term.number;
    case Operator::Less:
        return number < *term.number;
    case Operator::LessOrEqual:
        return number <= *term.number;
    case Operator::Greater:
        return number > *term.number;
    case Operator::GreaterOrEqual:
        return number >= *term.number;
    }
    return false;
}

} // namespace gradus::filter
