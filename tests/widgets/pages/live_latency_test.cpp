// SPDX-License-Identifier: GPL-3.0-or-later
// From the moment a worker logs a point to the paint that shows it, through the real writer, store, watcher and page.
#include "support/sample_runs.h"
#include "support/suite.h"

#include "pages/live/live_page.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace gradus;

namespace {
constexpr int kPatience = 5000;
}

class LiveLatencyTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void loggedPoint_isPaintedWithinHalfASecond()
    {
        const QTemporaryDir folder;
        auto opened = store::StoreWriter::open(folder.filePath("gradus.db").toStdString());
        QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
        store::StoreWriter& writer = **opened;
        const auto ids = tests::addSampleExperiment(writer, "live", {}, {1});
        QCOMPARE(ids.size(), std::size_t(1));
        tests::writeRunningRun(writer, {.runId = ids[0]}, 0.5);
        QVERIFY(writer.flush().ok());

        common::ThemeController theme(*qApp, common::Theme::Light);
        viewmodels::StoreWatcher watcher;
        viewmodels::RunsModel model;
        connect(&watcher, &viewmodels::StoreWatcher::runsChanged, &model, &viewmodels::RunsModel::setRows);
        pages::LivePage page(watcher, model, theme);
        page.resize(1100, 800);
        page.show();
        watcher.open(folder.filePath("gradus.db"));
        page.showRun(ids[0]);
        QTRY_VERIFY_WITH_TIMEOUT(page.run().hasPoints(), kPatience);
        QTest::qWait(500);

        std::vector<double> latencies;
        connect(&page, &pages::LivePage::latencyMeasured, this,
                [&](double milliseconds) { latencies.push_back(milliseconds); });
        std::atomic<bool> enough{false};
        const auto next = static_cast<std::int64_t>(page.run().lastStep()) + 1;
        std::thread worker([&] {
            std::int64_t step = next;
            while (!enough) {
                for (int i = 0; i < 100; ++i, ++step) // 10,000 points a second
                    writer.sink(ids[0]).point({"train/loss", step, 0.5});
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            }
        });
        QTest::qWait(4000);
        enough = true;
        worker.join();

        QVERIFY2(latencies.size() >= 8, qPrintable(QString::number(latencies.size())));
        std::sort(latencies.begin(), latencies.end());
        const double median = latencies[latencies.size() / 2];
        const double p95 = latencies[latencies.size() * 95 / 100];
        qInfo("log to pixel: median %.0f ms, p95 %.0f ms, most %.0f ms (n = %zu, 10,000 points a second)", median, p95,
              latencies.back(), latencies.size());
        QVERIFY2(p95 < 500, "a logged point must be on the screen within half a second");
    }
};
GRADUS_SUITE(LiveLatencyTest)
#include "live_latency_test.moc"
