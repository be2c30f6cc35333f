// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/time_plot.h"

#include "support/suite.h"
#include "widgets/common/log_watch.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace gradus::plot;
using gradus::common::Theme;
using gradus::common::ThemeController;

namespace {

Series wave(const QString& id, int count, int gapFrom = -1, int gapTo = -1)
{
    Series series;
    series.id = id;
    series.name = id;
    series.dash = QVector<qreal>{};
    for (int i = 0; i < count; ++i)
        series.points.append({double(i), i >= gapFrom && i < gapTo ? std::nan("") : 0.5});
    return series;
}

bool columnHas(const QImage& image, int x, int top, int bottom, const QColor& colour)
{
    for (int y = top; y < bottom; ++y) {
        const QColor pixel = image.pixelColor(x, y);
        if (std::abs(pixel.red() - colour.red()) + std::abs(pixel.green() - colour.green()) +
                std::abs(pixel.blue() - colour.blue()) <
            60)
            return true;
    }
    return false;
}

} // namespace

class TimePlotTest : public QObject
{
    Q_OBJECT
    std::unique_ptr<ThemeController> m_theme;

    std::unique_ptr<TimePlot> shown(QVector<Series> series)
    {
        auto chart = std::make_unique<TimePlot>(*m_theme);
        chart->resize(500, 200);
        chart->setFullRange(0, 99);
        chart->setSeries(std::move(series));
        chart->show();
        QTest::qWait(50);
        chart->replotNow();
        return chart;
    }

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ThemeController>(*qApp, Theme::Light); }

    void nan_isAGapAndNeverABridge()
    {
        const auto chart = shown({wave("u", 100, 40, 60)});
        const QImage image = chart->grab().toImage();
        const QColor line = m_theme->tokens().seriesAt(0).line;
        const QRect area = chart->plotArea().toRect();
        const auto x = [&](double step) { return int(chart->toPixel({step, 0}).x()); };
        QVERIFY(columnHas(image, x(20), area.top(), area.bottom(), line));
        QVERIFY(!columnHas(image, x(50), area.top(), area.bottom(), line));
        QVERIFY(columnHas(image, x(80), area.top(), area.bottom(), line));
    }
    void pointsOfOneX_areAllThereAndNotJoined()
    {
        Series series = wave("rows", 0);
        series.draw = Draw::Points;
        for (const double y : {0.2, 0.8})
            series.points.append({50.0, y});
        for (const int copies : {1, 4000}) { // a few markers, and a crowd
            Series crowd = series;
            for (int i = 1; i < copies; ++i)
                crowd.points.append(series.points.last());
            const auto chart = shown({crowd});
            const QImage image = chart->grab().toImage();
            const QColor colour = m_theme->tokens().seriesAt(0).line;
            const auto seen = [&](double y) {
                const QPoint at = chart->toPixel({50, y}).toPoint();
                return columnHas(image, at.x(), at.y() - 3, at.y() + 4, colour);
            };
            QVERIFY(seen(0.2) && seen(0.8));
            QVERIFY(!seen(0.5));
        }
    }
    void hover_repaintsTheOverlayAndNotTheGraphs()
    {
        const auto chart = shown({wave("u", 100)});
        const QSignalSpy moved(chart.get(), &TimePlot::crosshairMoved);
        const int before = chart->replotCount();
        for (int x = 100; x < 300; x += 10)
            QTest::mouseMove(chart.get(), {x, 100});
        QTest::qWait(80);
        QCOMPARE(chart->replotCount(), before);
        QVERIFY(moved.count() >= 1);
        QVERIFY(chart->crosshair().has_value());
    }
    void manyUpdates_becomeFewReplots()
    {
        const auto chart = shown({wave("u", 100)});
        const int before = chart->replotCount();
        for (int i = 0; i < 200; ++i)
            chart->setSeries({wave("u", 100 + i % 2)});
        QTest::qWait(100);
        QVERIFY(chart->replotCount() > before);
        QVERIFY(chart->replotCount() <= before + 3);
        chart->hide();
        const int hidden = chart->replotCount();
        chart->setSeries({wave("u", 50)});
        QTest::qWait(60);
        QCOMPARE(chart->replotCount(), hidden);
        chart->show();
        QCOMPARE(chart->replotCount(), hidden + 1);
    }
    void drag_zoomsAndBackspaceGoesBack()
    {
        const auto chart = shown({wave("u", 100)});
        const QSignalSpy ranged(chart.get(), &TimePlot::xRangeChanged);
        const QPoint from = chart->toPixel({20, 0.5}).toPoint();
        const QPoint to = chart->toPixel({60, 0.5}).toPoint();
        QTest::mousePress(chart.get(), Qt::LeftButton, {}, from);
        QMouseEvent move(QEvent::MouseMove, to, chart->mapToGlobal(QPointF(to)), Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(chart.get(), &move);
        QTest::mouseRelease(chart.get(), Qt::LeftButton, {}, to);
        QCOMPARE(ranged.count(), 1);
        QVERIFY(std::abs(chart->xLow() - 20) < 1 && std::abs(chart->xHigh() - 60) < 1);
        QVERIFY(chart->isZoomed());
        QTest::keyClick(chart.get(), Qt::Key_Backspace);
        QCOMPARE(chart->xHigh(), 99.0);
        QVERIFY(!chart->isZoomed());
    }
    void arrowKeys_walkThePoints()
    {
        const auto chart = shown({wave("u", 100)});
        chart->setCrosshair(50.0);
        QTest::keyClick(chart.get(), Qt::Key_Right);
        QCOMPARE(*chart->crosshair(), 51.0);
        QTest::keyClick(chart.get(), Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(*chart->crosshair(), 41.0);
        chart->setCrosshair(41.5);
        QTest::keyClick(chart.get(), Qt::Key_Right);
        QCOMPARE(*chart->crosshair(), 42.0);
        chart->setCrosshair(41.5);
        QTest::keyClick(chart.get(), Qt::Key_Left);
        QCOMPARE(*chart->crosshair(), 41.0);
    }
    void linkedCharts_shareRangeAndCrosshair()
    {
        const auto first = shown({wave("u", 100)});
        const auto second = shown({wave("v", 100)});
        TimeLink link;
        link.add(first.get());
        link.add(second.get());
        QTest::mouseMove(first.get(), first->toPixel({30, 0.5}).toPoint());
        QTRY_VERIFY(second->crosshair().has_value());
        QCOMPARE(second->crosshair(), first->crosshair());
        Q_EMIT first->xRangeChanged(10, 40);
        QCOMPARE(second->xLow(), 10.0);
    }
    void valueAt_theEndOfAStepBelongsToIt()
    {
        Series series;
        series.draw = Draw::Hold;
        series.points = {{0, 0.5}, {10, 0.5}, {10, qQNaN()}, {20, 0.7}, {30, 0.7}, {30, qQNaN()}};
        QCOMPARE(*valueAt(series, 10), 0.5);
        QVERIFY(!valueAt(series, 11));
        QCOMPARE(*valueAt(series, 30), 0.7);
        QVERIFY(!valueAt(series, 31));
    }
    void valueAt_holdsInterpolatesAndKnowsGaps()
    {
        Series series = wave("u", 0);
        series.points = {{0, 0.0}, {10, 1.0}, {20, std::nan("")}, {30, 3.0}};
        QCOMPARE(*valueAt(series, 5), 0.5);
        QCOMPARE(*valueAt(series, 10), 1.0);
        QVERIFY(!valueAt(series, 15));
        QVERIFY(!valueAt(series, 25));
        QVERIFY(!valueAt(series, -1));
        series.draw = Draw::Hold;
        QCOMPARE(*valueAt(series, 5), 0.0);
        QCOMPARE(*valueAt(series, 99), 3.0);
    }
    void hostileData_neitherCrashesNorWarns()
    {
        const gradus::tests::LogWatch log;
        Series wild = wave("w", 0);
        const double inf = std::numeric_limits<double>::infinity();
        wild.points = {{0, inf}, {1, -inf}, {2, 1e308}, {3, -1e308}, {4, std::nan("")}};
        wild.low = {0, 0, std::nan(""), 0, 0};
        wild.high = {1, inf, 1, 1, 1};
        const auto chart = shown({wild, wave("u", 3)});
        chart->setFullRange(5, 5);
        chart->setStages({{0, 50, Stage::Competence, false}, {50, 40, Stage::Discovery, true}});
        chart->setEvents({{10, Mark::Alert, "<b>x"}, {10.1, Mark::Checkpoint, {}}, {1e12, Mark::ScheduleEdit, {}}});
        chart->setGenerations({{0, "G1"}, {99, "G2"}});
        chart->setLimits({{0.5, "limit"}});
        chart->replotNow();
        chart->resize(10, 10);
        chart->replotNow();
        QVERIFY2(log.isClean(), qPrintable(log.text()));
    }
    void stagesWithoutAStep_areSeenAllTheSame()
    {
        const auto chart = shown({wave("u", 100)});
        const QImage without = chart->grab().toImage();
        chart->setStages({{50, 50, Stage::Discovery, false}, {50, 50, Stage::Alignment, false}});
        chart->replotNow();
        const QImage with = chart->grab().toImage();
        const auto changed = [&](double x) {
            int count = 0;
            for (int y = int(chart->plotArea().top()) + 4; y < int(chart->plotArea().bottom()) - 4; ++y)
                count += without.pixel(int(x), y) != with.pixel(int(x), y) ? 1 : 0;
            return count;
        };
        const double at = chart->toPixel({50, 0}).x();
        QVERIFY(changed(at - 3) > 50); // stage 2 before its place
        QVERIFY(changed(at + 3) > 50); // stage 3 behind it
        QCOMPARE(changed(at - 12), 0);
        QCOMPARE(changed(at + 12), 0);
    }
    void aClick_tellsWhereItWas()
    {
        const auto chart = shown({wave("u", 100)});
        QSignalSpy clicked(chart.get(), &TimePlot::clicked);
        QTest::mouseClick(chart.get(), Qt::LeftButton, {}, chart->toPixel({30, 0.52}).toPoint());
        QCOMPARE(clicked.size(), 1);
        QVERIFY(std::abs(clicked[0][0].toDouble() - 30) < 0.5);
        QVERIFY(std::abs(clicked[0][1].toDouble() - 0.52) < 0.01);
    }
    void emptyChart_saysWhatWillAppear()
    {
        auto chart = shown({});
        const QImage without = chart->grab().toImage();
        chart->setEmptyText(QStringLiteral("First evaluation at step 50"));
        chart->replotNow();
        QVERIFY(chart->grab().toImage() != without);
        QVERIFY(!chart->accessibleDescription().contains(QStringLiteral("0.5")));
        chart->setSeries({wave("utility", 10)});
        QCOMPARE(chart->accessibleDescription(), QStringLiteral("utility 0.500 at 9"));
    }
    void themeChange_repaintsInTheNewColours()
    {
        Series crisp = wave("u", 100);
        crisp.draw = Draw::Hold;
        const auto chart = shown({crisp});
        m_theme->setTheme(Theme::Dark);
        chart->replotNow();
        const QImage image = chart->grab().toImage();
        QCOMPARE(image.pixelColor(2, image.height() - 2), m_theme->tokens().surface);
        const int x = int(chart->toPixel({50, 0}).x());
        QVERIFY(columnHas(image, x, 20, 180, m_theme->tokens().seriesAt(0).line));
        m_theme->setTheme(Theme::Light);
    }
    void tenSeries_replotWithinAFrame()
    {
        QVector<Series> many;
        for (int i = 0; i < 10; ++i) {
            Series series = wave(QString::number(i), 100000);
            for (QPointF& point : series.points)
                point.setY(std::sin(point.x() * 0.001 + i) + std::sin(point.x() * 12.9898) * 0.2);
            many.append(series);
        }
        const auto chart = shown(many);
        chart->setFullRange(0, 99999);
        QElapsedTimer clock;
        clock.start();
        chart->replotNow();
        qInfo("10 x 100,000 points: %lld ms", clock.elapsed());
        QVERIFY2(clock.elapsed() < 1000 * gradus::tests::kPatience, "the pen-width trap costs tens of seconds here");
    }
};
GRADUS_SUITE(TimePlotTest)
#include "time_plot_test.moc"
