// SPDX-License-Identifier: GPL-3.0-or-later
// The corners of the lines in a PDF that Qt wrote, where they stand on the page.
#pragma once

#include "support/pdf_text.h"

#include <QPointF>
#include <QTransform>
#include <QVector>

namespace gradus::tests {

/// Ends of the path operators m, l and c (of curves where they end), through the matrices in force, in points of 1/72
/// inch from the lower left corner.
inline QVector<QPointF> pdfCorners(const QByteArray& pdf)
{
    QVector<QPointF> corners;
    static const QRegularExpression words(QStringLiteral("<[^>]*>|\\((?:\\\\.|[^\\\\)])*\\)|[^\\s<>()\\[\\]]+"));
    for (const QByteArray& stream : pdfStreams(pdf)) {
        if (!stream.contains(" cm\n") && !stream.contains(" cm ")) continue;
        QTransform now;
        QVector<QTransform> kept;
        QVector<double> numbers;
        for (auto match = words.globalMatch(QString::fromLatin1(stream)); match.hasNext();) {
            const QString word = match.next().captured();
            bool isNumber = false;
            const double number = word.toDouble(&isNumber);
            if (isNumber) {
                numbers.append(number);
                continue;
            }
            const auto last = [&](qsizetype from) { return numbers.value(numbers.size() - from); };
            if (word == QLatin1String("q"))
                kept.append(now);
            else if (word == QLatin1String("Q"))
                now = kept.isEmpty() ? QTransform() : kept.takeLast();
            else if (word == QLatin1String("cm") && numbers.size() >= 6)
                now = QTransform(last(6), last(5), last(4), last(3), last(2), last(1)) * now;
            else if ((word == QLatin1String("m") || word == QLatin1String("l") || word == QLatin1String("c")) &&
                     numbers.size() >= 2)
                corners.append(now.map(QPointF(last(2), last(1))));
            numbers.clear();
        }
    }
    return corners;
}

/// Of the first page, in points.
inline QSizeF pdfPageSize(const QByteArray& pdf)
{
    static const QRegularExpression box(QStringLiteral("/MediaBox \\[0 0 ([\\d.]+) ([\\d.]+)\\]"));
    const auto found = box.match(QString::fromLatin1(pdf));
    return {found.captured(1).toDouble(), found.captured(2).toDouble()};
}

} // namespace gradus::tests
