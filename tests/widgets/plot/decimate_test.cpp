// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot/decimate.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <map>
#include <random>
#include <tuple>

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
    void knownExtremes_changeNothing()
    {
        std::mt19937_64 random(gradus::tests::propertySeed());
        std::normal_distribution<double> noise;
        QVector<QPointF> points;
        for (int i = 0; i < 30000; ++i)
            points.append({double(i), i % 997 == 0 ? std::nan("") : noise(random)});
        gradus::common::Extremes extremes;
        extremes.grow(std::size_t(points.size()), [&](std::size_t i) { return points[qsizetype(i)].y(); });
        const auto text = [](const QVector<QPointF>& kept) {
            QString all;
            for (const QPointF& point : kept)
                all += QString("%1:%2 ").arg(point.x()).arg(point.y());
            return all;
        };
        for (const auto& [first, last, columns] :
             {std::tuple{0.0, 29999.0, 10}, {0.0, 29999.0, 500}, {777.0, 25001.5, 37}, {100.0, 900.0, 50}})
            QCOMPARE(text(decimated(points, first, last, columns, &extremes)),
                     text(decimated(points, first, last, columns)));
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
