// SPDX-License-Identifier: GPL-3.0-or-later
// The grammar of every filter line, in the window and in commands: words, and comparisons such as `seed = 2` or
// `state:running`.
#pragma once

#include "base/result.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gradus::filter {

/// Letter case taken away (Unicode case folding), for comparing. Invalid UTF-8 becomes U+FFFD.
std::string folded(std::string_view text);

/// What a filter may compare in one kind of row.
struct FilterKeys
{
    std::vector<std::string> texts;
    std::vector<std::string> numbers;
    std::vector<std::string> searched;               ///< the texts in which a bare word is looked for
    std::map<std::string, std::string> aliases = {}; ///< another name -> the key
    std::vector<std::string> words = {};             ///< keys that are lists: a term names one of the words, whole
    /// Dotted keys of a file, compared as numbers where they are numbers; the last part alone means a key where no
    /// other ends in it. Keys that begin with one of the prefixes are taken as they are.
    std::vector<std::string> settings = {};
    std::vector<std::string> settingPrefixes = {};
};

/// A parsed filter line: terms that must all hold, or those behind the next `or`. Copyable, immutable, any thread.
/// Terms are separated by spaces or `and`; `or` binds less; `not` turns the next term round. A bare or "quoted" word is
/// looked for in the searched texts (letter case does not count). `key op value` compares; ops `:` and `=` (equal;
/// contains, for texts), `!=`, `~` (contains; also `:~`), `!~`, `<`, `<=`, `>`, `>=`.
class FilterTerms final
{
public:
    /// The error is one sentence fit to be shown below the line.
    static Result<FilterTerms> parse(std::string_view line, const FilterKeys& keys);

    bool isEmpty() const { return m_terms.empty(); }
    /// @param textOf  key -> the row's text, folded; of words and settings a line each, with a line break before the
    ///                first and after the last (see framed)
    /// @param numberOf  key -> the row's number; one that is missing never compares
    template <typename TextOf, typename NumberOf>
    bool hold(TextOf textOf, NumberOf numberOf) const
    {
        const auto contains = [&](const std::string& key, const std::string& part) {
            return std::string(textOf(key)).find(part) != std::string::npos;
        };
        const auto holds = [&](const Term& term) {
            if (term.key.empty())
                return std::any_of(m_searched.begin(), m_searched.end(),
                                   [&](const std::string& key) { return contains(key, term.text); });
            if (term.kind == Kind::Text) return contains(term.key, term.text) != (term.op == Operator::NotEqual);
            if (term.number) {
                if (const std::optional<double> number = numberOf(term.key)) return compares(*number, term);
                if (term.kind == Kind::Number || term.op > Operator::NotEqual) return false;
            }
            return contains(term.key, term.text) != (term.op == Operator::NotEqual);
        };
        bool all = true;
        for (const Term& term : m_terms) {
            if (term.isAlternative) {
                if (all) return true;
                all = true;
            }
            all = all && holds(term) != term.isNegated;
        }
        return all;
    }

private:
    enum class Operator
    {
        Equal,
        NotEqual,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
    };
    enum class Kind
    {
        Text,
        Number,
        Words,
        Setting,
    };
    struct Term
    {
        std::string key; ///< empty: a word
        Kind kind = Kind::Text;
        Operator op = Operator::Equal;
        std::string text;                  ///< folded; framed where it must be a whole word
        std::optional<double> number = {}; ///< of kind Number, and of a setting that is compared as one
        bool isNegated = false;
        bool isAlternative = false; ///< the first one behind an `or`
    };
    static Result<Term> comparison(const std::string& key, std::string_view op, std::string_view value,
                                   const FilterKeys& keys);
    static Result<std::pair<std::string, Kind>> keyNamed(const std::string& key, const FilterKeys& keys);
    static bool compares(double number, const Term& term);

    std::vector<Term> m_terms;
    std::vector<std::string> m_searched;
};

/// A word as hold() looks for it among others.
inline std::string framed(const std::string& word)
{
    return '\n' + word + '\n';
}

} // namespace gradus::filter
