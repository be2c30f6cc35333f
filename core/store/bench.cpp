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

constexpr int kPixels = 2000;

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

Result<std::vector<std::int64_t>> addBenchRuns(StoreWriter& writer, int runs)
{
    spec::Experiment experiment;
    experiment.experiment.name = "store bench";
    std::vector<spec::RunSpec> specs;
    for (int run = 0; run < runs; ++run)
        specs.push_back({"", run + 1, experiment});
    return writer.addRuns(experiment, "", specs);
}

std::string seriesName(int series)
{
    return "bench/series_" + std::to_string(series);
}

/// Holds a loop to so many steps a second, without drift.
class Pace final
{
public:
    explicit Pace(double stepsPerSecond) : m_stepsPerSecond(stepsPerSecond), m_begin(monotonicSeconds()) {}
    void wait(std::int64_t step) const
    {
        if (m_stepsPerSecond <= 0) return;
        const double left = m_begin + static_cast<double>(step) / m_stepsPerSecond - monotonicSeconds();
        if (left > 0) std::this_thread::sleep_for(std::chrono::duration<double>(left));
    }

private:
    double m_stepsPerSecond;
    double m_begin;
};

/// A step of every series, run after run.
void write(StoreWriter& writer, const std::vector<std::int64_t>& runs, const StoreBenchShape& shape,
           const std::function<void(std::int64_t)>& onStep)
{
    std::vector<events::MetricPoint> row;
    for (int i = 0; i < shape.series; ++i)
        row.push_back({seriesName(i), 0, 0});
    const std::int64_t steps = shape.points / (static_cast<std::int64_t>(runs.size()) * shape.series);
    const Pace pace(shape.stepsPerSecond);
    std::int64_t done = 0;
    for (const std::int64_t run : runs) {
        events::EventSink& sink = writer.sink(run);
        for (std::int64_t step = 0; step < steps; ++step) {
            for (events::MetricPoint& point : row) {
                point.step = step;
                point.value = 1.0 / static_cast<double>(1 + step);
                sink.point(point);
            }
            ++done;
            if (onStep) onStep(done);
            pace.wait(done);
        }
    }
}

/// What is read afterwards, each by a reader of its own, as a page that opens has it.
Result<void> readBack(const std::filesystem::path& path, const std::vector<std::int64_t>& runs,
                      const StoreBenchShape& shape, StoreBench& bench)
{
    const auto timed = [&](double& milliseconds, const auto& read) -> Result<void> {
        const double begin = monotonicSeconds();
        const auto reader = StoreReader::open(path);
        if (!reader) return reader.error();
        if (auto done = read(*reader); !done) return done;
        milliseconds = (monotonicSeconds() - begin) * 1e3;
        return {};
    };
    auto done = timed(bench.listMilliseconds, [](const StoreReader& reader) -> Result<void> {
        const auto rows = reader.runs();
        return rows ? Result<void>{} : rows.error();
    });
    if (!done) return done;
    done = timed(bench.readMilliseconds, [&](const StoreReader& reader) -> Result<void> {
        const auto series = reader.series(runs.front(), seriesName(0));
        if (!series) return series.error();
        bench.readPoints = static_cast<std::int64_t>(series->points.size());
        return {};
    });
    if (!done) return done;
    return timed(bench.chartsMilliseconds, [&](const StoreReader& reader) -> Result<void> {
        for (const std::int64_t run : runs)
            for (int i = 0; i < shape.series; ++i)
                if (const auto buckets = reader.buckets(run, seriesName(i), 0, shape.points, kPixels); !buckets)
                    return buckets.error();
        return {};
    });
}

} // namespace

Result<StoreBench> benchStore(const std::filesystem::path& path, const StoreBenchShape& shape,
                              const std::function<void(std::int64_t)>& onStep)
{
    if (std::filesystem::exists(path))
        return badInput("There is a file " + path.string() + " already; the bench writes a new store.");
    auto writer = StoreWriter::open(path);
    if (!writer) return writer.error();
    const auto runs = addBenchRuns(**writer, shape.runs);
    if (!runs) return runs.error();

    std::atomic<bool> done{false};
    Polls polls;
    std::thread reader([&] { pollUntil(path, runs->front(), done, polls); });
    StoreBench bench;
    const double begin = monotonicSeconds();
    write(**writer, *runs, shape, onStep);
    const double logged = monotonicSeconds();
    const auto flushed = (*writer)->flush();
    const double committed = monotonicSeconds();
    done = true;
    reader.join();
    if (!flushed) return flushed.error();
    if (!polls.result) return polls.result.error();

    if (auto read = readBack(path, *runs, shape, bench); !read) return read.error();
    const std::int64_t steps = shape.points / (static_cast<std::int64_t>(shape.runs) * shape.series);
    bench.points = steps * shape.runs * shape.series;
    const auto n = static_cast<double>(std::max<std::int64_t>(bench.points, 1));
    bench.rowsPerSecond = n / std::max(committed - begin, 1e-9);
    bench.callerMicroseconds = (logged - begin) * 1e6 / n;
    bench.readerPollMilliseconds = polls.count == 0 ? 0 : polls.total * 1e3 / static_cast<double>(polls.count);
    bench.worstPollMilliseconds = polls.worst * 1e3;
    bench.pointsRead = polls.points;
    writer->reset(); // the last checkpoint moves everything into the database
    bench.bytesPerPoint = static_cast<double>(std::filesystem::file_size(path)) / n;
    return bench;
}

} // namespace gradus::store
