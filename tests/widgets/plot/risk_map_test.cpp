// SPDX-License-Identifier: GPL-3.0-or-later
// The risk map as pixels: hollow before, filled after, an arrow between, and names that do not cover one another.
#include "plot/risk_map.h"

#include "support/suite.h"

#include <QApplication>
#include <QTest>

using namespace gradus::plot;
using gradus::common::Theme;
using gradus::common::ThemeController;

class RiskMapTest : public QObject
{
    Q_OBJECT

    static QVector<RiskStep> twoSteps()
    {
        return {{.generation = 1, .before = {{0.2, 0.60}, {}}, .after = {{0.02, 0.62}, {}}, .rolledBack = false},
                {.generation = 2, .before = {{0.26, 0.66}, {}}, .after = {{0.01, 0.65}, {}}, .rolledBack = false}};
    }
    static bool isNear(QRgb a, const QColor& b)
    {
        return std::abs(qRed(a) - b.red()) + std::abs(qGreen(a) - b.green()) + std::abs(qBlue(a) - b.blue()) < 24;
    }

private Q_SLOTS:
    void marks_standWhereTheyShould_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void marks_standWhereTheyShould()
    {
        QFETCH(bool, dark);
        ThemeController theme(*qApp, dark ? Theme::Dark : Theme::Light);
        RiskMap map(theme);
        map.resize(420, 300);
        map.setSteps(twoSteps());
        map.show();
        QTest::qWait(50);
        map.replotNow();
        const QImage picture = map.grab().toImage();
        const auto at = [&](const QPointF& point) { return picture.pixel(map.toPixel(point).toPoint()); };
        const auto& tokens = theme.tokens();
        for (const RiskStep& step : map.steps()) {
            QVERIFY(map.plotArea().contains(map.toPixel(step.before.at)));
            QVERIFY2(isNear(at(step.after.at), tokens.seriesAt(2).line),
                     qPrintable(QColor(at(step.after.at)).name() + tokens.seriesAt(2).line.name()));
            QVERIFY(!isNear(at(step.after.at), tokens.surface));
        }
        // Between the two a line leads from A- to A+.
        const QPointF middle = (map.toPixel({0.2, 0.60}) + map.toPixel({0.02, 0.62})) / 2;
        bool line = false;
        for (int dy = -2; dy <= 2; ++dy)
            line = line || !isNear(picture.pixel(middle.toPoint() + QPoint(0, dy)), tokens.surface);
        QVERIFY(line);
    }
    void summary_saysTheFiguresInWords()
    {
        ThemeController theme(*qApp, Theme::Light);
        RiskMap map(theme);
        map.setSteps(twoSteps());
        QVERIFY2(map.accessibleDescription().contains("A₂⁺: risk 0.260 before and 0.010 after alignment"),
                 qPrintable(map.accessibleDescription()));
    }
    void extremes_doNotBreakIt()
    {
        ThemeController theme(*qApp, Theme::Light);
        RiskMap map(theme);
        map.resize(200, 120);
        map.show();
        map.replotNow(); // nothing to show
        QVector<RiskStep> many;
        for (int i = 1; i <= 64; ++i)
            many.append(
                {.generation = i, .before = {{1, 0}, {0.5, 0.5}}, .after = {{0, 1}, {}}, .rolledBack = i % 2 == 0});
        map.setSteps(many);
        map.replotNow();
        map.setSteps({{.generation = 1, .before = {{0, 0.5}, {}}, .after = {{0, 0.5}, {}}, .rolledBack = true}});
        map.replotNow();
        QVERIFY(map.xHigh() > 0 && map.yHigh() > map.yLow());
    }
};
GRADUS_SUITE(RiskMapTest)
#include "risk_map_test.moc"
