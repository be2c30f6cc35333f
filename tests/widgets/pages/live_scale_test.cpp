// SPDX-License-Identifier: GPL-3.0-or-later
// Live with ten million points in one series: what a new batch and a zoom cost does not grow with them.
#include "pages/live/live_card.h"
#include "support/suite.h"
#include "support/thread_clock.h"

#include <QApplication>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace gradus;

namespace {

constexpr std::int64_t kPoints = 10'000'000;
constexpr std::int64_t kPiece = 200'000;

viewmodels::PointBatch batchOf(std::int64_t first, std::int64_t count)
{
    viewmodels::PointBatch batch{.runId = 1, .fromStart = first == 0, .newestWall = 0, .series = {}};
    store::SeriesPoints series{.name = "train/loss", .points = {}};
    series.points.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = first; i < first + count; ++i)
        series.points.push_back({i, 1000 + 0.001 * static_cast<double>(i), 0.5 + 0.4 * std::sin(double(i) * 1e-5)});
    batch.series = {series};
    return batch;
}

double costOf(const std::function<void()>& act)
{
    const double before = tests::threadMilliseconds();
    act();
    return tests::threadMilliseconds() - before;
}

} // namespace

class LiveScaleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tenMillionPoints_areFollowedAndZoomedWithinAFrame()
    {
        viewmodels::LiveRun run;
        store::RunDetail detail;
        detail.run.id = 1;
        detail.run.startedAt = 1000;
        events::GenerationRecord record;
        record.generation = 1;
        detail.generations = {record};
        run.setDetail(detail);
        for (std::int64_t first = 0; first < kPoints; first += kPiece)
            run.append(batchOf(first, kPiece));
        QCOMPARE(run.pointCount(), std::size_t{kPoints});
        std::vector<double> appends;
        for (int i = 0; i < 20; ++i) {
            const viewmodels::PointBatch batch = batchOf(kPoints + i * 1000, 1000);
            appends.push_back(costOf([&] { run.append(batch); }));
        }
        std::sort(appends.begin(), appends.end());
        QVERIFY2(appends[10] < 5 * tests::kPatience, qPrintable(QString("append %1 ms").arg(appends[10])));
        QCOMPARE(run.xOf(5'000'000, viewmodels::XAxis::WallTime), 5000.0);
        QCOMPARE(run.xOf(double(kPoints + 19'999), viewmodels::XAxis::WallTime), 10019.999);

        viewmodels::TimeWindow window;
        window.setNow(double(run.lastStep()));
        common::ThemeController theme(*qApp, common::Theme::Light);
        pages::LiveCard card(pages::CardKind::TrainingFit, run, window, theme);
        card.resize(560, 300);
        card.show();
        QVERIFY(QTest::qWaitForWindowExposed(&card));
        std::vector<double> zooms;
        for (int i = 1; i <= 20; ++i)
            zooms.push_back(costOf([&] {
                window.zoomTo(double(i) * 1e5, 1e7 - double(i) * 1e5);
                card.rangeChanged();
                card.timePlot()->replotNow();
            }));
        std::sort(zooms.begin(), zooms.end());
        QVERIFY2(zooms[10] < 30 * tests::kPatience, qPrintable(QString("zoom %1 ms").arg(zooms[10])));
        // What is drawn has the extremes of what is there.
        double lowest = 1;
        double highest = 0;
        for (const plot::Series& series : card.timePlot()->series())
            for (const QPointF& point : series.points) {
                lowest = std::min(lowest, point.y());
                highest = std::max(highest, point.y());
            }
        QVERIFY(lowest < 0.1001 && highest > 0.8999);
    }
};

GRADUS_SUITE(LiveScaleTest)
#include "live_scale_test.moc"
