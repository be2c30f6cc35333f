// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/command_words.h"

#include <algorithm>

namespace gradus::viewmodels {

QString commandLineOf(const QStringList& arguments)
{
    QStringList words{QStringLiteral("gradus")};
    for (const QString& argument : arguments)
        words << quotedWord(argument);
    return words.join(' ');
}

/// Quoted for a shell where it needs to be.
QString quotedWord(const QString& word)
{
    const auto plain = [](QChar c) { return c.isLetterOrNumber() || QStringLiteral("/._-+:,@%").contains(c); };
    if (!word.isEmpty() && std::all_of(word.begin(), word.end(), plain)) return word;
    QString inner = word;
    return '\'' + inner.replace('\'', QStringLiteral("'\\''")) + '\'';
}

} // namespace gradus::viewmodels
