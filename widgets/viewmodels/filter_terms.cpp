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
    static const QRegularExpression token(QStringLiteral(
        R"(\s*(?:([A-Za-z_][A-Za-z0-9_.\[\]]*)\s*(:~|=~|!~|~|:|==|=|!=|<=|>=|<|>)\s*("[^"]*"|[^\s"]+)?|("[^"]*"?|[^\s"]+)))"));
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
                add(Term{.key = {}, .text = plain});
            continue;
        }
        const QString key = match.captured(1).toLower();
        Result<Term> term = comparison(keys.aliases.value(key, key), match.captured(2), match.captured(3), keys);
        if (!term) return term.error();
        add(*term);
    }
    return terms;
}

Result<std::pair<QString, FilterTerms::Kind>> FilterTerms::keyNamed(const QString& key, const FilterKeys& keys)
{
    using Found = std::pair<QString, Kind>;
    if (keys.texts.contains(key)) return Found{key, Kind::Text};
    if (keys.numbers.contains(key)) return Found{key, Kind::Number};
    if (keys.words.contains(key)) return Found{key, Kind::Words};
    if (keys.settings.contains(key)) return Found{key, Kind::Setting};
    for (const QString& prefix : keys.settingPrefixes)
        if (key.startsWith(prefix)) return Found{key, Kind::Setting};
    const QStringList alike =
        keys.settings.filter(QRegularExpression(QStringLiteral("\\.") + QRegularExpression::escape(key) + '$'));
    if (alike.size() == 1) return Found{alike.front(), Kind::Setting};
    std::string sentence = "Nothing is called \"" + visible(key.toStdString(), 40) + "\"; ";
    if (alike.size() > 1)
        return badInput(sentence + "say which of " + alike.join(QStringLiteral(", ")).toStdString() + " is meant.");
    const QStringList all = keys.texts + keys.words + keys.numbers;
    std::vector<std::string> known;
    for (const QString& name : all + keys.settings)
        known.push_back(name.toStdString());
    sentence += "a filter may compare: " + all.join(QStringLiteral(", ")).toStdString();
    if (!keys.settings.isEmpty()) sentence += ", and any key of an experiment, as gap.controller";
    const auto nearest = nearestWord(key.toStdString(), known);
    return badInput(sentence + (nearest ? "; did you mean " + *nearest + "?" : "."));
}

Result<FilterTerms::Term> FilterTerms::comparison(const QString& key, const QString& op, const QString& value,
                                                  const FilterKeys& keys)
{
    static const QStringList ops{"=", "!=", "<", "<=", ">", ">="};
    const auto named = keyNamed(key, keys);
    if (!named) return named.error();
    const auto& [meant, kind] = *named;
    const std::string name = meant.toStdString();
    if (value.isEmpty()) return badInput("\"" + name + "\" needs a value after it.");
    Term term{.key = meant, .kind = kind, .text = unquoted(value)};
    const bool isPart = op.endsWith('~');
    const bool isEqual = isPart || op == QLatin1String(":") || op == QLatin1String("==");
    term.op = op == QLatin1String("!~") ? Operator::NotEqual
              : isEqual                 ? Operator::Equal
                                        : static_cast<Operator>(ops.indexOf(op));
    if ((kind == Kind::Text || kind == Kind::Words) && term.op > Operator::NotEqual)
        return badInput("\"" + name + "\" is a text; compare it with :, ~ or !=.");
    const std::optional<double> number = parseNumber(term.text.toStdString());
    const bool mustBeNumber = kind == Kind::Number || term.op > Operator::NotEqual;
    if (mustBeNumber && (!number || isPart))
        return badInput("\"" + visible(value.toStdString(), 40) + "\" is not a number; \"" + name +
                        "\" compares with numbers.");
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

} // namespace gradus::viewmodels
