// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/bench.h"

#include "base/clock.h"
#include "store/store_reader.h"
#include "store/store_writer.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace gradus::store {

namespace {

constexpr int kSeries = 10;

/// What the reader beside the writer saw.
struct Polls
{
    std::int64_t points = 0;
    std::int64_t count = 0;
    double total = 0;
    double worst = 0;
    Result<void> result;
};

Result<void> poll(const StoreReader& reader, std::int64_t runId, PointCursor& cursor, Polls& polls)
{
    const double begin = monotonicSeconds();
    const auto news = reader.pointsSince(runId, cursor);
    if (!news) return news.error();
    const double took = monotonicSeconds() - begin;
    for (const SeriesPoints& series : *news)
        polls.points += static_cast<std::int64_t>(series.points.size());
    ++polls.count;
    polls.total += took;
    polls.worst = std::max(polls.worst, took);
    return {};
}

void pollUntil(const std::filesystem::path& path, std::int64_t runId, const std::atomic<bool>& done, Polls& polls)
{
    const auto reader = StoreReader::open(path);
    if (!reader) {
        polls.result = reader.error();
        return;
    }
    PointCursor cursor;
    for (bool last = false; !last;) {
        last = done.load(); // one more poll after the last commit
        polls.result = poll(*reader, runId, cursor, polls);
        if (!polls.result) return;
        if (!last) std::this_thread::sleep_for(std::chrono::milliseconds(16));
    }
}

Result<std::int64_t> addBenchRun(StoreWriter& writer)
{
    spec::Experiment experiment;
    experiment.experiment.name = "store bench";
    const auto ids = writer.addRuns(experiment, "", {{"", 1, experiment}});
    if (!ids) return ids.error();
    return ids->front();
}

} // namespace

Result<StoreBench> benchStore(const std::filesystem::path& path, std::int64_t points)
{
    if (std::filesystem::exists(path))
        return badInput("There is a file " + path.string() + " already; the bench writes a new store.");
    auto writer = StoreWriter::open(path);
    if (!writer) return writer.error();
    const auto runId = addBenchRun(**writer);
    if (!runId) return runId.error();

    std::vector<events::MetricPoint> row;
    for (int i = 0; i < kSeries; ++i)
        row.push_back({"bench/series_" + std::to_string(i), 0, 0});
    std::atomic<bool> done{false};
    Polls polls;
    std::thread reader([&] { pollUntil(path, *runId, done, polls); });

    StoreBench bench;
    events::EventSink& sink = (*writer)->sink(*runId);
    const double begin = monotonicSeconds();
    for (std::int64_t i = 0; i < points; ++i) {
        events::MetricPoint& point = row[static_cast<std::size_t>(i % kSeries)];
        point.step = i / kSeries;
        point.value = 1.0 / static_cast<double>(1 + i);
        sink.point(point);
    }
    const double logged = monotonicSeconds();
    const auto flushed = (*writer)->flush();
    const double committed = monotonicSeconds();
    done = true;
    reader.join();
    if (!flushed) return flushed.error();
    if (!polls.result) return polls.result.error();

    const auto lister = StoreReader::open(path);
    if (!lister) return lister.error();
    const double beforeList = monotonicSeconds();
    if (const auto runs = lister->runs(); !runs) return runs.error();
    const auto n = static_cast<double>(std::max<std::int64_t>(points, 1));
    bench.listMilliseconds = (monotonicSeconds() - beforeList) * 1e3;
    bench.points = points;
    bench.rowsPerSecond = static_cast<double>(points) / std::max(committed - begin, 1e-9);
    bench.callerMicroseconds = (logged - begin) * 1e6 / n;
    bench.readerPollMilliseconds = polls.count == 0 ? 0 : polls.total * 1e3 / static_cast<double>(polls.count);
    bench.worstPollMilliseconds = polls.worst * 1e3;
    bench.pointsRead = polls.points;
    writer->reset(); // the last checkpoint moves everything into the database
    bench.bytesPerPoint = static_cast<double>(std::filesystem::file_size(path)) / n;
    return bench;
}

} // namespace gradus::store
