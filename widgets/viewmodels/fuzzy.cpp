// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/fuzzy.h"

#include <QList>

#include <algorithm>

namespace gradus::viewmodels {

namespace {

constexpr int kLetter = 4;
constexpr int kSideBySide = 8;
constexpr int kWordBegins = 10;
constexpr int kNameBegins = 6;
constexpr int kMostLength = 40; ///< characters of a name that count against it, one each

bool beginsWord(const QString& name, qsizetype i)
{
    return i == 0 || (name[i].isLetterOrNumber() && !name[i - 1].isLetterOrNumber());
}

/// Letters of one word from one place on, each at the first place where it stands.
std::optional<int> scoreFrom(QStringView word, const QString& name, qsizetype at)
{
    int score = at == 0 ? kNameBegins : 0;
    qsizetype before = -2;
    for (const QChar letter : word) {
        while (at < name.size() && name[at].toCaseFolded() != letter)
            ++at;
        if (at == name.size()) return std::nullopt;
        score += kLetter + (at == before + 1 ? kSideBySide : 0) + (beginsWord(name, at) ? kWordBegins : 0);
        before = at++;
    }
    return score;
}

/// The best of all places where the word's first letter stands.
std::optional<int> scoreOf(QStringView word, const QString& name)
{
    std::optional<int> best;
    for (qsizetype at = 0; at < name.size(); ++at) {
        if (name[at].toCaseFolded() != word.first()) continue;
        const std::optional<int> here = scoreFrom(word, name, at);
        if (!here) break; // further on there are only fewer letters
        if (!best || *here > *best) best = here;
    }
    return best;
}

} // namespace

std::optional<int> fuzzyScore(const QString& typed, const QString& name)
{
    const QString folded = typed.toCaseFolded();
    int score = 0;
    bool isAny = false;
    for (const QStringView word : QStringView(folded).split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const std::optional<int> one = scoreOf(word, name);
        if (!one) return std::nullopt;
        score += *one;
        isAny = true;
    }
    return isAny ? score - static_cast<int>(std::min<qsizetype>(name.size(), kMostLength)) / 4 : 0;
}

} // namespace gradus::viewmodels
