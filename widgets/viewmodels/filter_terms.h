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

namespace gradus::viewmodels {

/// What a filter may compare in one kind of row.
struct FilterKeys
{
    QStringList texts;
    QStringList numbers;
    QStringList searched;            ///< the texts in which a bare word is looked for
    QHash<QString, QString> aliases; ///< another name -> the key
};

/// A parsed filter line: terms that must all hold, or those behind the next `or`. Copyable, immutable, any thread.
/// Terms are separated by spaces or `and`; `or` binds less; `not` turns the next term round. A bare or "quoted" word is
/// looked for in the searched texts (letter case does not count). `key op value` compares; ops `:` and `=` (equal;
/// contains, for texts), `!=`, `<`, `<=`, `>`, `>=`.
class FilterTerms final
{
public:
    /// The error is one sentence fit to be shown below the line.
    static Result<FilterTerms> parse(const QString& text, const FilterKeys& keys);

    bool isEmpty() const { return m_terms.isEmpty(); }
    /// @param textOf  key -> the row's text in lower case
    /// @param numberOf  key -> the row's number; one that is missing never compares
    template <typename TextOf, typename NumberOf>
    bool hold(TextOf textOf, NumberOf numberOf) const
    {
        const auto holds = [&](const Term& term) {
            if (term.key.isEmpty())
                return std::any_of(m_searched.begin(), m_searched.end(),
                                   [&](const QString& key) { return textOf(key).contains(term.text); });
            if (!term.isNumber) return textOf(term.key).contains(term.text) != (term.op == Operator::NotEqual);
            const std::optional<double> number = numberOf(term.key);
            return number && compares(*number, term);
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
    struct Term
    {
        QString key; ///< empty: a word
        bool isNumber = false;
        Operator op = Operator::Equal;
        QString text; ///< lower case
        double number = 0;
        bool isNegated = false;
        bool isAlternative = false; ///< the first one behind an `or`
    };
    static Result<Term> comparison(const QString& key, const QString& op, const QString& value, const FilterKeys& keys);
    static bool compares(double number, const Term& term);

    QVector<Term> m_terms;
    QStringList m_searched;
};

} // namespace gradus::viewmodels
