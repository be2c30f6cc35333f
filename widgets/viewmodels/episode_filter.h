// SPDX-License-Identifier: GPL-3.0-or-later
// The filter line over episodes: words, and simple comparisons such as `gen >= 3` or `verdict:hazard`.
#pragma once

#include "base/result.h"
#include "store/records.h"

#include <QString>
#include <QVector>

namespace gradus::viewmodels {

/// A parsed filter line; all its terms must hold. Copyable, immutable, any thread. The grammar is RunFilter's: terms
/// are separated by spaces or `and`; a bare or "quoted" word is looked for in scenario, key, verdict and judge (letter
/// case does not count); `key op value` compares. Keys: generation (or gen), severity, messages (or turns), scenario,
/// key, verdict, judge, safe (what is taught). A severity that is missing never compares.
class EpisodeFilter final
{
public:
    /// The error is one sentence fit to be shown below the line.
    static Result<EpisodeFilter> parse(const QString& text);

    bool matches(const store::EpisodeRow& row) const;
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
    static bool holds(const Term& term, const store::EpisodeRow& row);
    QVector<Term> m_terms;
};

} // namespace gradus::viewmodels
