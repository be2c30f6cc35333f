// SPDX-License-Identifier: GPL-3.0-or-later
// The filter line over the run list: words, and simple comparisons such as `seed = 2` or `state:running`.
#pragma once

#include "base/result.h"
#include "store/records.h"

#include <QString>
#include <QVector>

namespace gradus::viewmodels {

/// A parsed filter line; all its terms must hold. Copyable, immutable, any thread.
/// Terms are separated by spaces or `and`. A bare or "quoted" word is looked for in name, condition, task, state and id
/// (letter case does not count). `key op value` compares: keys seed, state, name, condition, task, id, generation,
/// progress (per cent), utility, imitation; ops `:` and `=` (equal; contains, for texts), `!=`, `<`, `<=`, `>`, `>=`.
class RunFilter final
{
public:
    /// The error is one sentence fit to be shown below the line.
    static Result<RunFilter> parse(const QString& text);

    bool matches(const store::RunRow& row) const;
    bool isEmpty() const { return m_terms.isEmpty(); }

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
        Operator op = Operator::Equal;
        QString text; ///< lower case
        double number = 0;
    };
    static Result<Term> comparison(const QString& key, const QString& op, const QString& value);
    static bool holds(const Term& term, const store::RunRow& row);
    QVector<Term> m_terms;
};

} // namespace gradus::viewmodels
