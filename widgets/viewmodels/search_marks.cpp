// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/search_marks.h"

#include <QRegularExpression>
#include <QStringList>

namespace gradus::viewmodels {

namespace {

constexpr qsizetype kMost = 1000;

/// What the store's tokenizer takes for a part of a word: letters, digits and private use.
bool isWordPart(QChar c)
{
    return c.isLetterOrNumber() || c.isSurrogate() || c.category() == QChar::Other_PrivateUse;
}

QStringList wordsOf(const QString& text)
{
    QStringList words;
    bool isInside = false;
    for (const QChar c : text) {
        if (isWordPart(c)) {
            if (!isInside) words.append(QString());
            words.last() += c;
        }
        isInside = isWordPart(c);
    }
    return words;
}

} // namespace

QVector<NamedRange> searchMarks(const QString& text, const QString& sought)
{
    QVector<NamedRange> marks;
    if (sought.isEmpty()) return marks;
    const QStringList words = wordsOf(sought);
    if (words.isEmpty()) {
        for (qsizetype at = text.indexOf(sought); at >= 0 && marks.size() < kMost;
             at = text.indexOf(sought, at + sought.size()))
            marks.append({at, sought.size()});
        return marks;
    }
    QStringList parts;
    for (const QString& word : words)
        parts << QRegularExpression::escape(word);
    const QRegularExpression pattern(
        QStringLiteral("(?<![\\p{L}\\p{N}\\p{Co}])") + parts.join(QStringLiteral("[^\\p{L}\\p{N}\\p{Co}]+")),
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::UseUnicodePropertiesOption);
    QRegularExpressionMatchIterator found = pattern.globalMatch(text);
    while (found.hasNext() && marks.size() < kMost) {
        const QRegularExpressionMatch match = found.next();
        marks.append({match.capturedStart(), match.capturedLength()});
    }
    return marks;
}

} // namespace gradus::viewmodels
