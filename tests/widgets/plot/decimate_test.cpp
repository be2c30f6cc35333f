// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/decimate.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <map>
#include <random>

using gradus::plot::decimated;

class DecimateTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fewPoints_areAllKept()
    {
        const QVector<QPointF> points{{0, 1}, {1, 2}, {2, 3}};
        QCOMPARE(decimated(points, 0, 2, 100), points);
        QVERIFY(decimated({}, 0, 1, 10).isEmpty());
    }
    void neighboursOfTheRange_areKeptSoThatLinesReachTheEdges()
    {
        const QVector<QPointF> points{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}};
        QCOMPARE(decimated(points, 1.5, 2.5, 100), (QVector<QPointF>{{1, 2}, {2, 3}, {3, 4}}));
    }
    void everyColumn_keepsItsMinimumAndMaximum()
    {
        std::mt19937_64 random(gradus::tests::propertySeed());
        std::normal_distribution<double> noise;
        for (int round = 0; round < 20; ++round) {
            QVector<QPointF> points;
            const int count = 1000 + int(random() % 20000);
            for (int i = 0; i < count; ++i)
                points.append({double(i), noise(random)});
            const int columns = 10 + int(random() % 400);
            const QVector<QPointF> kept = decimated(points, 0, count - 1, columns);
            if (count > 2 * columns) QVERIFY(kept.size() <= 2 * (columns + 1));
            const auto extremes = [&](const QVector<QPointF>& of) {
                std::map<int, std::pair<double, double>> found;
                for (const QPointF& point : of) {
                    const int column = int(std::floor(point.x() * columns / (count - 1)));
                    auto [place, isNew] = found.try_emplace(column, point.y(), point.y());
                    place->second.first = std::min(place->second.first, point.y());
                    place->second.second = std::max(place->second.second, point.y());
                }
                return found;
            };
            QVERIFY(extremes(kept) == extremes(points));
            for (qsizetype i = 1; i < kept.size(); ++i)
                QVERIFY(kept[i].x() > kept[i - 1].x());
        }
    }
    void gap_survivesInsideAColumn()
    {
        QVector<QPointF> points;
        for (int i = 0; i < 1000; ++i)
            points.append({double(i), i == 500 ? std::nan("") : 1.0});
        const QVector<QPointF> kept = decimated(points, 0, 999, 10);
        QVERIFY(std::any_of(kept.begin(), kept.end(), [](const QPointF& p) { return std::isnan(p.y()); }));
    }
};
GRADUS_SUITE(DecimateTest)
#include "decimate_test.moc"
