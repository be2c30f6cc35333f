// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/run_filter.h"

#include "base/text.h"

#include <QRegularExpression>
#include <QStringList>

#include <optional>

namespace gradus::viewmodels {

namespace {

constexpr qsizetype kLongest = 1000;

const QStringList& numberKeys()
{
    static const QStringList keys{"seed", "generation", "progress", "utility", "imitation"};
    return keys;
}

const QStringList& textKeys()
{
    static const QStringList keys{"state", "name", "condition", "task", "id"};
    return keys;
}

QString lower(const std::string& text)
{
    return QString::fromStdString(text).toLower();
}

std::optional<double> numberOf(const QString& key, const store::RunRow& row)
{
    if (key == QLatin1String("seed")) return static_cast<double>(row.seed);
    if (key == QLatin1String("generation")) return row.generation;
    if (key == QLatin1String("progress")) return 100 * row.progress;
    if (key == QLatin1String("utility")) return row.lastUtility;
    return row.lastImitation;
}

QString textOf(const QString& key, const store::RunRow& row)
{
    if (key == QLatin1String("state")) return QString::fromLatin1(store::nameOf(row.state)).toLower();
    if (key == QLatin1String("name")) return lower(row.experimentName);
    if (key == QLatin1String("condition")) return lower(row.condition);
    if (key == QLatin1String("task")) return lower(row.taskName);
    return lower(row.uuid);
}

QString unquoted(QString word)
{
    if (word.size() >= 2 && word.startsWith('"') && word.endsWith('"')) word = word.mid(1, word.size() - 2);
    return word.toLower();
}

} // namespace

Result<RunFilter> RunFilter::parse(const QString& text)
{
    static const QRegularExpression token(
        QStringLiteral(R"(\s*(?:([A-Za-z_.]+)\s*(:|==|=|!=|<=|>=|<|>)\s*("[^"]*"|[^\s"]+)?|("[^"]*"?|[^\s"]+)))"));
    if (text.size() > kLongest) return badInput("A filter has at most " + std::to_string(kLongest) + " characters.");
    RunFilter filter;
    qsizetype at = 0;
    while (at < text.size()) {
        const QRegularExpressionMatch match =
            token.match(text, at, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption);
        if (!match.hasMatch() || match.capturedLength() == 0) break;
        at = match.capturedEnd();
        const QString word = match.captured(4);
        if (!word.isEmpty()) {
            const QString plain = unquoted(word).remove('"');
            if (!plain.isEmpty() && (plain != QLatin1String("and") || word.startsWith('"')))
                filter.m_terms.append(Term{.key = {}, .op = Operator::Equal, .text = plain, .number = 0});
            continue;
        }
        Result<Term> term = comparison(match.captured(1).toLower(), match.captured(2), match.captured(3));
        if (!term) return term.error();
        filter.m_terms.append(*term);
    }
    return filter;
}

Result<RunFilter::Term> RunFilter::comparison(const QString& key, const QString& op, const QString& value)
{
    static const QStringList ops{"=", "!=", "<", "<=", ">", ">="};
    const QString known = (textKeys() + numberKeys()).join(QStringLiteral(", "));
    const bool isNumber = numberKeys().contains(key);
    if (!isNumber && !textKeys().contains(key))
        return badInput("Nothing is called \"" + visible(key.toStdString(), 40) +
                        "\"; a filter may compare: " + known.toStdString() + ".");
    if (value.isEmpty()) return badInput("\"" + key.toStdString() + "\" needs a value after it.");
    Term term{.key = key, .op = Operator::Equal, .text = unquoted(value), .number = 0};
    const QString canonical = op == QLatin1String(":") || op == QLatin1String("==") ? QStringLiteral("=") : op;
    term.op = static_cast<Operator>(ops.indexOf(canonical));
    if (!isNumber) {
        if (term.op != Operator::Equal && term.op != Operator::NotEqual)
            return badInput("\"" + key.toStdString() + "\" is a text; compare it with : or !=.");
        return term;
    }
    const std::optional<double> number = parseNumber(term.text.toStdString());
    if (!number)
        return badInput("\"" + visible(value.toStdString(), 40) + "\" is not a number; \"" + key.toStdString() +
                        "\" compares with numbers.");
    term.number = *number;
    return term;
}

bool RunFilter::holds(const Term& term, const store::RunRow& row)
{
    if (term.key.isEmpty()) {
        for (const QString& key : textKeys())
            if (textOf(key, row).contains(term.text)) return true;
        return false;
    }
    if (textKeys().contains(term.key)) {
        const bool contains = textOf(term.key, row).contains(term.text);
        return term.op == Operator::NotEqual ? !contains : contains;
    }
    const std::optional<double> number = numberOf(term.key, row);
    if (!number) return false;
    switch (term.op) {
    case Operator::Equal:
        return *number == term.number;
    case Operator::NotEqual:
        return *number != term.number;
    case Operator::Less:
        return *number < term.number;
    case Operator::LessOrEqual:
        return *number <= term.number;
    case Operator::Greater:
        return *number > term.number;
    case Operator::GreaterOrEqual:
        return *number >= term.number;
    }
    return false;
}

bool RunFilter::matches(const store::RunRow& row) const
{
    for (const Term& term : m_terms)
        if (!holds(term, row)) return false;
    return true;
}

} // namespace gradus::viewmodels
