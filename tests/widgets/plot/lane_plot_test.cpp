// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/lane_plot.h"

#include "support/suite.h"
#include "widgets/common/log_watch.h"

#include <QApplication>
#include <QTest>

using namespace gradus::plot;
using gradus::common::Theme;
using gradus::common::ThemeController;

class LanePlotTest : public QObject
{
    Q_OBJECT
    std::unique_ptr<ThemeController> m_theme;

    std::unique_ptr<LanePlot> shown()
    {
        auto lane = std::make_unique<LanePlot>(*m_theme);
        lane->resize(600, 240);
        lane->setRange(0, 1, 0, 1.2);
        lane->setCurve({{0, 0.3}, {0.5, 0.6}, {1, 0.9}});
        lane->setKeys({{{0, 0.3}}, {{0.5, 0.6}, KeyShape::Circle, true}, {{1, 0.9}, KeyShape::Square}});
        lane->setHandles({{{0.5, 0.6}, {0.6, 0.7}, 1, false}});
        lane->show();
        QTest::qWait(50);
        lane->replotNow();
        return lane;
    }

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ThemeController>(*qApp, Theme::Light); }

    void pixelsAndCoordinates_areInverse()
    {
        const auto lane = shown();
        for (const QPointF& point : {QPointF(0.1, 0.2), QPointF(0.9, 1.1)}) {
            const QPointF back = lane->toCoordinate(lane->toPixel(point));
            QVERIFY(std::abs(back.x() - point.x()) < 1e-9 && std::abs(back.y() - point.y()) < 1e-9);
        }
        QVERIFY(lane->plotArea().contains(lane->toPixel({0.5, 0.5})));
    }
    void hitTest_findsKeysHandlesCurveAndNothing()
    {
        const auto lane = shown();
        const auto at = [&](double x, double y, double dx = 0, double dy = 0) {
            return lane->hitTest(lane->toPixel({x, y}) + QPointF(dx, dy));
        };
        QVERIFY(at(0.5, 0.6, 5, 5).kind == HitKind::Key);
        QCOMPARE(at(0.5, 0.6, 5, 5).index, 1);
        QVERIFY(at(0.6, 0.7, 2, 0).kind == HitKind::Handle);
        const Hit curve = at(0.25, 0.45, 0, 4);
        QVERIFY(curve.kind == HitKind::Curve);
        QVERIFY(std::abs(curve.coordinate.x() - 0.25) < 0.02);
        QVERIFY(at(0.25, 1.0).kind == HitKind::Nothing);
        QVERIFY(at(0.5, 0.6, 12, 0).kind != HitKind::Key);
        QVERIFY(lane->hitTest(lane->toPixel({0.5, 0.6}) + QPointF(0, 14), 16).kind == HitKind::Key);
    }
    void rubberBand_takesTheKeysInside()
    {
        const auto lane = shown();
        const QRectF box(lane->toPixel({0.4, 0.8}), lane->toPixel({1.05, 0.5}));
        QCOMPARE(lane->keysInside(box), (QVector<int>{1}));
        QCOMPARE(lane->keysInside(QRectF(lane->rect())), (QVector<int>{0, 1, 2}));
    }
    void keysAndPlayhead_moveWithoutRepaintingTheCurve()
    {
        const auto lane = shown();
        const int before = lane->replotCount();
        const QImage image = lane->grab().toImage();
        lane->setPlayhead(0.3, QStringLiteral("30 %"));
        lane->setBubble(QPointF(0.5, 0.6), QStringLiteral("50 % · 0.60"));
        QTest::qWait(60);
        QCOMPARE(lane->replotCount(), before);
        QVERIFY(lane->grab().toImage() != image);
    }
    void emptyAndTinyLanes_drawWithoutWarnings()
    {
        const gradus::tests::LogWatch log;
        LanePlot lane(*m_theme);
        lane.resize(20, 20);
        lane.show();
        lane.setGhosts({{QStringLiteral("saved"), {}, true}});
        lane.setGenerationStarts({0, 0.5});
        lane.setRulerLabels({QStringLiteral("G1")});
        lane.setBubble(QPointF(2, 2), QStringLiteral("far away"));
        lane.replotNow();
        QVERIFY(lane.hitTest({1, 1}).kind == HitKind::Nothing);
        QVERIFY2(log.isClean(), qPrintable(log.text()));
    }
};
GRADUS_SUITE(LanePlotTest)
#include "lane_plot_test.moc"
