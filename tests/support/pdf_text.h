// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a PDF that Qt wrote, read back through the fonts' own maps from glyphs to characters.
#pragma once

#include <QByteArray>
#include <QHash>
#include <QRegularExpression>
#include <QString>

namespace gradus::tests {

/// Every object's stream by its number, unpacked.
inline QHash<int, QByteArray> pdfStreams(const QByteArray& pdf)
{
    QHash<int, QByteArray> streams;
    const QString text = QString::fromLatin1(pdf); // a byte a character: places stay the same
    static const QRegularExpression object(QStringLiteral("(\\d+) 0 obj\\b"));
    for (auto match = object.globalMatch(text); match.hasNext();) {
        const auto found = match.next();
        const qsizetype end = pdf.indexOf("endobj", found.capturedEnd());
        qsizetype from = pdf.indexOf("stream\n", found.capturedEnd());
        if (from < 0 || end < 0 || from > end) continue;
        from += 7;
        const QByteArray body = pdf.mid(from, pdf.indexOf("\nendstream", from) - from);
        // qUncompress wants the length first; a wrong one only costs it another try.
        const QByteArray unpacked = qUncompress(QByteArray("\x00\x10\x00\x00", 4) + body);
        streams.insert(found.captured(1).toInt(), unpacked.isEmpty() ? body : unpacked);
    }
    return streams;
}

inline QHash<uint, QString> pdfCharacters(const QByteArray& map)
{
    QHash<uint, QString> characters;
    static const QRegularExpression range(QStringLiteral("<(\\w+)>\\s*<(\\w+)>\\s*(?:<(\\w+)>|\\[([^\\]]*)\\])"));
    static const QRegularExpression one(QStringLiteral("<(\\w+)>"));
    const QString text = QString::fromLatin1(map);
    for (auto match = range.globalMatch(text, text.indexOf(QStringLiteral("beginbfrange"))); match.hasNext();) {
        const auto found = match.next();
        const uint first = found.captured(1).toUInt(nullptr, 16);
        const uint last = found.captured(2).toUInt(nullptr, 16);
        if (!found.captured(4).isEmpty()) {
            uint at = first;
            for (auto each = one.globalMatch(found.captured(4)); each.hasNext();)
                characters.insert(at++, QString(QChar(each.next().captured(1).right(4).toUInt(nullptr, 16))));
            continue;
        }
        for (uint at = first; at <= last; ++at)
            characters.insert(at, QString(QChar(found.captured(3).right(4).toUInt(nullptr, 16) + at - first)));
    }
    return characters;
}

/// In the order in which they were drawn, without spaces: Qt places words, not spaces.
inline QString pdfText(const QByteArray& pdf)
{
    const QHash<int, QByteArray> streams = pdfStreams(pdf);
    const QString text = QString::fromLatin1(pdf);
    QHash<QString, QHash<uint, QString>> fonts; // by the name that pages use
    static const QRegularExpression named(QStringLiteral("/(F\\d+) (\\d+) 0 R"));
    for (auto match = named.globalMatch(text); match.hasNext();) {
        const auto found = match.next();
        const QString object = QStringLiteral("\n%1 0 obj").arg(found.captured(2));
        static const QRegularExpression unicode(QStringLiteral("/ToUnicode (\\d+) 0 R"));
        const auto to = unicode.match(text, std::max<qsizetype>(0, text.indexOf(object)));
        if (to.hasMatch()) fonts.insert(found.captured(1), pdfCharacters(streams.value(to.captured(1).toInt())));
    }
    QString words;
    static const QRegularExpression drawn(QStringLiteral("/(F\\d+) [\\d.]+ Tf|<([0-9a-fA-F]+)>\\s*Tj"));
    for (const QByteArray& stream : streams) {
        if (!stream.contains(" Tj")) continue;
        QString font;
        for (auto match = drawn.globalMatch(QString::fromLatin1(stream)); match.hasNext();) {
            const auto found = match.next();
            if (!found.captured(1).isEmpty()) font = found.captured(1);
            for (qsizetype i = 0; i + 4 <= found.captured(2).size(); i += 4)
                words += fonts[font].value(found.captured(2).mid(i, 4).toUInt(nullptr, 16));
        }
    }
    return words.remove(QLatin1Char(' '));
}

} // namespace gradus::tests
