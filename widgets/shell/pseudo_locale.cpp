// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/pseudo_locale.h"

#include <algorithm>

namespace gradus::shell {

namespace {

constexpr qsizetype kWord = 8;

QChar accented(QChar c)
{
    static const QString plain = QStringLiteral("aceinouszACEINOUSZ");
    static const QString marked = QString::fromUtf8("áçéíñóúšžÁÇÉÍÑÓÚŠŽ");
    const auto at = plain.indexOf(c);
    return at < 0 ? c : marked[at];
}

} // namespace

QString pseudoText(const QString& text)
{
    if (text.trimmed().isEmpty()) return text;
    QString out;
    bool inTag = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c == '<') inTag = true;
        if (c == '%' && i + 1 < text.size()) {
            out += c;
            if (text[i + 1] == 'L') out += text[++i];
            if (i + 1 < text.size()) out += text[++i];
            continue;
        }
        out += inTag ? c : accented(c);
        if (c == '>') inTag = false;
    }
    // In words, so that it wraps where a sentence would.
    for (qsizetype more = (text.size() + 2) / 3; more > 0; more -= kWord)
        out += ' ' + QString(std::min(more, kWord), '~');
    return '[' + out + ']';
}

QString PseudoLocale::translate(const char*, const char* sourceText, const char*, int n) const
{
    QString text = pseudoText(QString::fromUtf8(sourceText));
    // Qt leaves the count to translators.
    if (n >= 0) text.replace(QStringLiteral("%n"), QString::number(n));
    return text;
}

} // namespace gradus::shell
