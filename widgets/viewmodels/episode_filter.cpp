// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/episode_filter.h"

#include "base/text.h"

#include <QRegularExpression>
#include <QStringList>

#include <optional>

namespace gradus::viewmodels {

namespace {

constexpr qsizetype kLongest = 1000;

const QStringList& numberKeys()
{
    static const QStringList keys{"generation", "severity", "messages"};
    return keys;
}

const QStringList& textKeys()
{
    static const QStringList keys{"scenario", "key", "verdict", "judge", "safe"};
    return keys;
}

QString fullKey(const QString& key)
{
    if (key == QLatin1String("gen")) return QStringLiteral("generation");
    if (key == QLatin1String("turns")) return QStringLiteral("messages");
    return key;
}

std::optional<double> numberOf(const QString& key, const store::EpisodeRow& row)
{
    if (key == QLatin1String("generation")) return row.generation;
    if (key == QLatin1String("messages")) return row.messages;
    return row.severity;
}

QString textOf(const QString& key, const store::EpisodeRow& row)
{
    const std::string* text = &row.safeBehaviour;
    if (key == QLatin1String("scenario")) text = &row.scenario;
    if (key == QLatin1String("key")) text = &row.key;
    if (key == QLatin1String("verdict")) text = &row.verdict;
    if (key == QLatin1String("judge")) text = &row.judge;
    return QString::fromStdString(*text).toLower();
}

QString unquoted(QString word)
{
    if (word.size() >= 2 && word.startsWith('"') && word.endsWith('"')) word = word.mid(1, word.size() - 2);
    return word.toLower();
}

} // namespace

Result<EpisodeFilter> EpisodeFilter::parse(const QString& text)
{
    static const QRegularExpression token(
        QStringLiteral(R"(\s*(?:([A-Za-z_.]+)\s*(:|==|=|!=|<=|>=|<|>)\s*("[^"]*"|[^\s"]+)?|("[^"]*"?|[^\s"]+)))"));
    if (text.size() > kLongest) return badInput("A filter has at most " + std::to_string(kLongest) + " characters.");
    EpisodeFilter filter;
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
        Result<Term> term = comparison(fullKey(match.captured(1).toLower()), match.captured(2), match.captured(3));
        if (!term) return term.error();
        filter.m_terms.append(*term);
    }
    return filter;
}

Result<EpisodeFilter::Term> EpisodeFilter::comparison(const QString& key, const QString& op, const QString& value)
{
    static const QStringList ops{"=", "!=", "<", "<=", ">", ">="};
    const bool isNumber = numberKeys().contains(key);
    if (!isNumber && !textKeys().contains(key)) {
        const QString known = (textKeys() + numberKeys()).join(QStringLiteral(", "));
        return badInput("Nothing is called \"" + visible(key.toStdString(), 40) +
                        "\"; a filter may compare: " + known.toStdString() + ".");
    }
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

bool EpisodeFilter::holds(const Term& term, const store::EpisodeRow& row)
{
    if (term.key.isEmpty()) {
        for (const QString& key : textKeys())
            if (key != QLatin1String("safe") && textOf(key, row).contains(term.text)) return true;
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

bool EpisodeFilter::matches(const store::EpisodeRow& row) const
{
    for (const Term& term : m_terms)
        if (!holds(term, row)) return false;
    return true;
}

} // namespace gradus::viewmodels
