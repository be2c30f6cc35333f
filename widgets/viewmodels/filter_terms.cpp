// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/filter_terms.h"

#include "base/text.h"

#include <QRegularExpression>

#include <utility>

namespace gradus::viewmodels {

namespace {

constexpr qsizetype kLongest = 1000;

QString unquoted(QString word)
{
    if (word.size() >= 2 && word.startsWith('"') && word.endsWith('"')) word = word.mid(1, word.size() - 2);
    return word.toLower();
}

} // namespace

Result<FilterTerms> FilterTerms::parse(const QString& text, const FilterKeys& keys)
{
    static const QRegularExpression token(
        QStringLiteral(R"(\s*(?:([A-Za-z_.]+)\s*(:|==|=|!=|<=|>=|<|>)\s*("[^"]*"|[^\s"]+)?|("[^"]*"?|[^\s"]+)))"));
    if (text.size() > kLongest) return badInput("A filter has at most " + std::to_string(kLongest) + " characters.");
    FilterTerms terms;
    terms.m_searched = keys.searched;
    bool isNegated = false;
    bool isAlternative = false;
    // A line that is still being typed may end in `or` or `not`: they wait for what they belong to.
    const auto add = [&](Term term) {
        term.isNegated = std::exchange(isNegated, false);
        term.isAlternative = std::exchange(isAlternative, false) && !terms.m_terms.isEmpty();
        terms.m_terms.append(std::move(term));
    };
    qsizetype at = 0;
    while (at < text.size()) {
        const QRegularExpressionMatch match =
            token.match(text, at, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption);
        if (!match.hasMatch() || match.capturedLength() == 0) break;
        at = match.capturedEnd();
        const QString word = match.captured(4);
        if (!word.isEmpty()) {
            const QString plain = unquoted(word).remove('"');
            const bool isQuoted = word.startsWith('"');
            if (!isQuoted && plain == QLatin1String("and")) continue;
            if (!isQuoted && plain == QLatin1String("or"))
                isAlternative = true;
            else if (!isQuoted && plain == QLatin1String("not"))
                isNegated = !isNegated;
            else if (!plain.isEmpty())
                add(Term{.key = {}, .isNumber = false, .op = Operator::Equal, .text = plain, .number = 0});
            continue;
        }
        const QString key = match.captured(1).toLower();
        Result<Term> term = comparison(keys.aliases.value(key, key), match.captured(2), match.captured(3), keys);
        if (!term) return term.error();
        add(*term);
    }
    return terms;
}

Result<FilterTerms::Term> FilterTerms::comparison(const QString& key, const QString& op, const QString& value,
                                                  const FilterKeys& keys)
{
    static const QStringList ops{"=", "!=", "<", "<=", ">", ">="};
    const bool isNumber = keys.numbers.contains(key);
    if (!isNumber && !keys.texts.contains(key)) {
        const QString known = (keys.texts + keys.numbers).join(QStringLiteral(", "));
        return badInput("Nothing is called \"" + visible(key.toStdString(), 40) +
                        "\"; a filter may compare: " + known.toStdString() + ".");
    }
    if (value.isEmpty()) return badInput("\"" + key.toStdString() + "\" needs a value after it.");
    Term term{.key = key, .isNumber = isNumber, .op = Operator::Equal, .text = unquoted(value), .number = 0};
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

bool FilterTerms::compares(double number, const Term& term)
{
    switch (term.op) {
    case Operator::Equal:
        return number == term.number;
    case Operator::NotEqual:
        return number != term.number;
    case Operator::Less:
        return number < term.number;
    case Operator::LessOrEqual:
        return number <= term.number;
    case Operator::Greater:
        return number > term.number;
    case Operator::GreaterOrEqual:
        return number >= term.number;
    }
    return false;
}

} // namespace gradus::viewmodels
