// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/pseudo_locale.h"

namespace gradus::shell {

namespace {

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
    return '[' + out + ' ' + QString((text.size() + 2) / 3, '~') + ']';
}

QString PseudoLocale::translate(const char*, const char* sourceText, const char*, int n) const
{
    QString text = pseudoText(QString::fromUtf8(sourceText));
    // Qt leaves the count to translators.
    if (n >= 0) text.replace(QStringLiteral("%n"), QString::number(n));
    return text;
}

} // namespace gradus::shell
