// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/number_text.h"

#include "support/suite.h"

#include <QDateTime>
#include <QGuiApplication>
#include <QLocale>
#include <QTest>
#include <QTextLayout>

#include <limits>

using namespace gradus::common;

class NumberTextTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void missing_isADashNotZero()
    {
        QCOMPARE(curveText(std::nan(""), 2), QStringLiteral("–"));
        QCOMPARE(numberText(std::optional<double>(), 2), QStringLiteral("–"));
        QCOMPARE(valueText(std::nullopt), QStringLiteral("–"));
        QCOMPARE(halfWidthText(std::nullopt), QString());
        QCOMPARE(durationText(-1), QStringLiteral("–"));
    }
    void whatIsNoNumber_saysSo()
    {
        QCOMPARE(numberText(std::nan(""), 2), QStringLiteral("NaN"));
        QCOMPARE(numberText(std::optional<double>(std::nan("")), 2), QStringLiteral("NaN"));
    }
    void negative_hasATrueMinusAndZeroHasNone()
    {
        QCOMPARE(numberText(-0.124, 2), QStringLiteral("−0.12"));
        QCOMPARE(numberText(-0.0001, 2), QStringLiteral("0.00"));
        QCOMPARE(numberText(-std::numeric_limits<double>::infinity(), 2), QStringLiteral("−∞"));
    }
    void estimate_isValueAndHalfWidth()
    {
        const gradus::Estimate estimate{.value = 0.841, .low = 0.829, .high = 0.853, .n = 2000};
        QCOMPARE(valueText(estimate), QStringLiteral("0.841"));
        QCOMPARE(halfWidthText(estimate), QStringLiteral("± 0.012"));
    }
    void bytes_useThreeDigitsAndAUnit()
    {
        QCOMPARE(bytesText(999), QStringLiteral("999 B"));
        QCOMPARE(bytesText(1300), QStringLiteral("1.3 kB"));
        QCOMPARE(bytesText(214'000'000), QStringLiteral("214 MB"));
        QCOMPARE(bytesText(999'900'000), QStringLiteral("1.0 GB"));
        QCOMPARE(bytesText(5'000'000'000'000'000), QStringLiteral("5000 TB"));
    }
    /// What is read from left to right is seen in that order among words that run the other way.
    void numbersWithUnits_keepTheirOrderInAWindowFromRightToLeft()
    {
        QGuiApplication::setLayoutDirection(Qt::RightToLeft);
        const gradus::Estimate estimate{.value = 0.841, .low = 0.829, .high = 0.853, .n = 2000};
        for (const QString& text :
             {percentText(0.125, 1), numberText(-0.25, 2), bytesText(1300), halfWidthText(estimate), durationText(9000),
              agoText(0, 245), leftToRight(QStringLiteral("+3.0 %, \u22120.010"))}) {
            QTextLayout layout(text, QGuiApplication::font());
            QTextOption option;
            option.setTextDirection(Qt::RightToLeft);
            layout.setTextOption(option);
            layout.beginLayout();
            QTextLine line = layout.createLine();
            layout.endLayout();
            double before = -1;
            for (qsizetype i = 0; i < text.size(); ++i) {
                if (text[i] == QChar(0x200E)) continue;
                const double x = line.cursorToX(static_cast<int>(i));
                QVERIFY2(x > before, qPrintable(text));
                before = x;
            }
        }
        QCOMPARE(withoutMarks(percentText(0.125, 1)), QStringLiteral("12.5 %"));
        QGuiApplication::setLayoutDirection(Qt::LeftToRight);
        QCOMPARE(percentText(0.125, 1), QStringLiteral("12.5 %"));
    }
    void groups_areThin()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        QCOMPARE(groupedText(4812330), QStringLiteral("4,812,330"));
        QCOMPARE(groupedText(-1000), QStringLiteral("−1,000"));
    }
    void ages_areInWords()
    {
        const double noon = double(QDateTime(QDate(2025, 6, 15), QTime(12, 0)).toSecsSinceEpoch());
        QCOMPARE(agoText(noon - 2, noon), QStringLiteral("now"));
        QCOMPARE(agoText(noon - 245, noon), QStringLiteral("4 min ago"));
        QCOMPARE(agoText(noon - 3700, noon), QStringLiteral("1 h ago"));
        QCOMPARE(agoText(noon - 86400, noon), QStringLiteral("yesterday"));
        QCOMPARE(agoText(noon - 4 * 86400, noon), QStringLiteral("11 Jun"));
        QCOMPARE(momentText(noon, noon), QStringLiteral("today 12:00"));
    }
};
GRADUS_SUITE(NumberTextTest)
#include "number_text_test.moc"
