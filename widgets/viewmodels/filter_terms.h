// SPDX-License-Identifier: GPL-3.0-or-later
// The grammar of every filter line: words, and comparisons such as `seed = 2` or `state:running`.
#pragma once

#include "base/result.h"

#include <QHash>
#include <QString>
#include <QStringList>
#include <QVector>

#include <algorithm>
#include <optional>
#include <utility>

namespace gradus::viewmodels {

/// What a filter may compare in one kind of row.
struct FilterKeys
{
    QStringList texts;
    QStringList numbers;
    QStringList searched;            ///< the texts in which a bare word is looked for
    QHash<QString, QString> aliases; ///< another name -> the key
    QStringList words = {};          ///< keys that are lists: a term names one of the words, whole
    /// Dotted keys of a file, compared as numbers where they are numbers; the last part alone means a key where no
    /// other ends in it. Keys that begin with one of the prefixes are taken as they are.
    QStringList settings = {};
    QStringList settingPrefixes = {};
};

/// A parsed filter line: terms that must all hold, or those behind the next `or`. Copyable, immutable, any thread.
/// Terms are separated by spaces or `and`; `or` binds less; `not` turns the next term round. A bare or "quoted" word is
/// looked for in the searched texts (letter case does not count). `key op value` compares; ops `:` and `=` (equal;
/// contains, for texts), `!=`, `~` (contains; also `:~`), `!~`, `<`, `<=`, `>`, `>=`.
class FilterTerms final
{
public:
    /// The error is one sentence fit to be shown below the line.
    static Result<FilterTerms> parse(const QString& text, const FilterKeys& keys);

    bool isEmpty() const { return m_terms.isEmpty(); }
    /// @param textOf  key -> the row's text in lower case; of words and settings a line each, with a line break before
    ///                the first and after the last (see framed)
    /// @param numberOf  key -> the row's number; one that is missing never compares
    template <typename TextOf, typename NumberOf>
    bool hold(TextOf textOf, NumberOf numberOf) const
    {
        const auto holds = [&](const Term& term) {
            if (term.key.isEmpty())
                return std::any_of(m_searched.begin(), m_searched.end(),
                                   [&](const QString& key) { return textOf(key).contains(term.text); });
            if (term.kind == Kind::Text) return textOf(term.key).contains(term.text) != (term.op == Operator::NotEqual);
            if (term.number) {
                if (const std::optional<double> number = numberOf(term.key)) return compares(*number, term);
                if (term.kind == Kind::Number || term.op > Operator::NotEqual) return false;
            }
            return textOf(term.key).contains(term.text) != (term.op == Operator::NotEqual);
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
        QString key; ///< empty: a word
        Kind kind = Kind::Text;
        Operator op = Operator::Equal;
        QString text;                      ///< lower case; framed where it must be a whole word
        std::optional<double> number = {}; ///< of kind Number, and of a setting that is compared as one
        bool isNegated = false;
        bool isAlternative = false; ///< the first one behind an `or`
    };
    static Result<Term> comparison(const QString& key, const QString& op, const QString& value, const FilterKeys& keys);
    static Result<std::pair<QString, Kind>> keyNamed(const QString& key, const FilterKeys& keys);
    static bool compares(double number, const Term& term);

    QVector<Term> m_terms;
    QStringList m_searched;
};

/// A word as hold() looks for it among others.
inline QString framed(const QString& word)
{
    return QLatin1Char('\n') + word + QLatin1Char('\n');
}

} // namespace gradus::viewmodels
