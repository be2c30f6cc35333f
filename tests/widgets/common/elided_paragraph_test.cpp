// SPDX-License-Identifier: GPL-3.0-or-later
// A paragraph that is cut says so, keeps the whole, and never shows more lines than it has.
#include "common/elided_paragraph.h"

#include "support/suite.h"

#include <QTest>

using gradus::common::ElidedParagraph;

class ElidedParagraphTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatFits_isShownWhole()
    {
        ElidedParagraph label(2);
        label.resize(400, 60);
        label.setFullText(QStringLiteral("The gap grows."));
        QCOMPARE(label.text(), QStringLiteral("The gap grows."));
        QVERIFY(!label.isCut());
    }

    void whatDoesNot_endsInAnEllipsis_atEveryWidth()
    {
        QString text;
        for (int i = 0; i < 60; ++i)
            text += QStringLiteral("word%1 ").arg(i);
        text = text.trimmed();
        ElidedParagraph label(2);
        label.setFullText(text);
        for (const int width : {60, 150, 400, 900}) {
            label.resize(width, 80);
            label.show();
            QVERIFY(label.isCut());
            QVERIFY(label.text().endsWith(QChar(0x2026)));
            QVERIFY(text.startsWith(label.text().chopped(1)));
            const QFontMetrics metrics = label.fontMetrics();
            const int width2 = label.contentsRect().width();
            const auto height = [&](const QString& shown) {
                return metrics.boundingRect(QRect(0, 0, width2, 0), Qt::TextWordWrap, shown).height();
            };
            QVERIFY(height(label.text()) <= 2 * metrics.lineSpacing());
            // Not a word more would have fitted.
            const qsizetype shown = label.text().size() - 1;
            const qsizetype next = text.indexOf(QLatin1Char(' '), shown + 1);
            QVERIFY(height(text.left(next) + QChar(0x2026)) > 2 * metrics.lineSpacing());
        }
        label.resize(20000, 80); // room again
        QCOMPARE(label.text(), text);
        QCOMPARE(label.fullText(), text);
        QCOMPARE(label.accessibleDescription(), text);
    }

    void markup_isText()
    {
        ElidedParagraph label(1);
        label.resize(400, 30);
        label.setFullText(QStringLiteral("<b>crowd</b>"));
        QCOMPARE(label.textFormat(), Qt::PlainText);
        QCOMPARE(label.text(), QStringLiteral("<b>crowd</b>"));
    }
};
GRADUS_SUITE(ElidedParagraphTest)
#include "elided_paragraph_test.moc"
