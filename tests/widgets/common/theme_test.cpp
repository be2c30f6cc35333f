// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/theme.h"

#include "support/suite.h"

#include <QApplication>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace gradus::common;

class ThemeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void contrastRatio_agreesWithTheFormulasKnownPairs()
    {
        QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
        QVERIFY(std::abs(contrastRatio(QColor("#777777"), Qt::white) - 4.48) < 0.01);
    }
    void textAndSeries_keepTheirContrastFloors_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void textAndSeries_keepTheirContrastFloors()
    {
        QFETCH(bool, dark);
        const Tokens t = dark ? darkTokens() : lightTokens();
        const auto atLeast = [](const QColor& colour, const QColor& ground, double floor, const char* what) {
            const double ratio = contrastRatio(colour, ground);
            QVERIFY2(ratio >= floor, qPrintable(QStringLiteral("%1: %2").arg(what).arg(ratio)));
        };
        for (const QColor& ground : {t.window, t.surface}) {
            atLeast(t.text, ground, 4.5, "text");
            atLeast(t.text2, ground, 4.5, "text2");
            atLeast(t.accent, ground, 4.5, "accent");
            for (const SeriesStyle& series : t.series)
                atLeast(series.line, ground, 3.0, "series line");
        }
        for (const QColor& state : {t.ok, t.warn, t.danger, t.text3})
            atLeast(state, t.surface, 4.5, "state");
        for (const SeriesStyle& series : t.series)
            atLeast(series.label, t.surface, 4.5, "series label");
        atLeast(t.text2, t.surface2, 4.5, "text2 on surface2");
        atLeast(t.text, t.accentWeak, 4.5, "text on selection");
        atLeast(t.onAccent, t.accent, 4.5, "primary button");
        atLeast(t.ok, t.okWeak, 4.5, "ok chip");
        atLeast(t.warn, t.warnWeak, 4.5, "warn chip");
        atLeast(t.danger, t.dangerWeak, 4.5, "danger chip");
    }
    void series_differInDashAndMarkerNotOnlyInColour()
    {
        const Tokens t = lightTokens();
        for (int i = 0; i < kSeriesCount; ++i)
            for (int j = i + 1; j < kSeriesCount; ++j) {
                QVERIFY(t.seriesAt(i).dash != t.seriesAt(j).dash);
                QVERIFY(t.seriesAt(i).marker != t.seriesAt(j).marker);
            }
        QCOMPARE(t.seriesAt(kSeriesCount).line, t.seriesAt(0).line);
    }
    void controller_setsPaletteSheetAndSaysSo()
    {
        ThemeController theme(*qApp, Theme::Light);
        QSignalSpy changed(&theme, &ThemeController::changed);
        QCOMPARE(qApp->palette().color(QPalette::Window), lightTokens().window);
        theme.setTheme(Theme::Dark);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(qApp->palette().color(QPalette::Window), darkTokens().window);
        QCOMPARE(qApp->palette().color(QPalette::Inactive, QPalette::Highlight), darkTokens().accentWeak);
        QCOMPARE(qApp->palette().color(QPalette::Disabled, QPalette::Text), darkTokens().text3);
        QVERIFY(qApp->styleSheet().contains(darkTokens().border.name()));
        theme.setTheme(Theme::Dark);
        QCOMPARE(changed.count(), 1);
    }
    void styleSheet_hasNoUnfilledSlot()
    {
        static const QRegularExpression slot(QStringLiteral("%[a-z0-9-]+%"));
        QVERIFY(!slot.match(styleSheetOf(lightTokens())).hasMatch());
        QVERIFY(styleSheetOf(lightTokens()) != styleSheetOf(darkTokens()));
    }
    void themeNames_readBack()
    {
        for (const Theme theme : {Theme::System, Theme::Light, Theme::Dark})
            QCOMPARE(themeFromName(QString::fromLatin1(nameOf(theme)), Theme::Dark), theme);
        QCOMPARE(themeFromName(QStringLiteral("purple"), Theme::Light), Theme::Light);
    }
    void numericFont_hasDigitsOfOneWidth()
    {
        for (const Type type : {Type::Body, Type::Chart, Type::Small}) {
            const QFontMetricsF metrics(numericFont(type));
            for (char digit = '1'; digit <= '9'; ++digit)
                QCOMPARE(metrics.horizontalAdvance(QLatin1Char(digit)), metrics.horizontalAdvance(QLatin1Char('0')));
        }
    }
};
GRADUS_SUITE(ThemeTest)
#include "theme_test.moc"
