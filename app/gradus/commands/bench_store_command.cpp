// SPDX-License-Identifier: GPL-3.0-or-later
// bench store: points written beside a live reader, and read back.
#include "base/ids.h"
#include "commands/commands.h"
#include "commands/number_options.h"
#include "store/bench.h"

#include <cstdio>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

struct StoreBenchOptions
{
    store::StoreBenchShape shape = {};
    std::string keep = {}; ///< the store stays there; empty: in a temporary folder, and removed
    bool acknowledge = false;
    bool json = false;
};

void print(const store::StoreBench& bench, bool json)
{
    if (json) {
        std::printf("%s\n", nlohmann::json{{"bench", "store"},
                                           {"points", bench.points},
                                           {"rows_per_second", bench.rowsPerSecond},
                                           {"caller_microseconds", bench.callerMicroseconds},
                                           {"reader_poll_milliseconds", bench.readerPollMilliseconds},
                                           {"worst_poll_milliseconds", bench.worstPollMilliseconds},
                                           {"list_milliseconds", bench.listMilliseconds},
                                           {"read_points", bench.readPoints},
                                           {"read_milliseconds", bench.readMilliseconds},
                                           {"charts_milliseconds", bench.chartsMilliseconds},
                                           {"bytes_per_point", bench.bytesPerPoint}}
                                .dump()
                                .c_str());
        return;
    }
    std::printf("%.0f rows/s committed, %.2f us a point for the run, reader polls %.2f ms (worst %.1f), %.0f bytes a "
                "point\n",
                bench.rowsPerSecond, bench.callerMicroseconds, bench.readerPollMilliseconds,
                bench.worstPollMilliseconds, bench.bytesPerPoint);
    std::printf(
        "read back: the list of runs in %.1f ms, one series of %lld points in %.1f ms, every series for a chart "
        "in %.1f ms\n",
        bench.listMilliseconds, static_cast<long long>(bench.readPoints), bench.readMilliseconds,
        bench.chartsMilliseconds);
}

int benchStore(const StoreBenchOptions& options)
{
    const auto folder = std::filesystem::temp_directory_path() / ("gradus-bench-" + newUuid());
    const std::filesystem::path path =
        options.keep.empty() ? folder / "gradus.db" : std::filesystem::path(options.keep);
    std::error_code ignored;
    if (options.keep.empty()) std::filesystem::create_directories(folder, ignored);
    const auto acknowledged = [](std::int64_t step) {
        std::printf("%lld\n", static_cast<long long>(step));
        std::fflush(stdout);
    };
    const auto result = options.acknowledge ? store::benchStore(path, options.shape, acknowledged)
                                            : store::benchStore(path, options.shape);
    if (options.keep.empty()) std::filesystem::remove_all(folder, ignored);
    if (!result) return report(result.error());
    print(*result, options.json);
    return 0;
}

} // namespace

void addStoreBench(CLI::App& bench, Invocation& invocation)
{
    auto options = std::make_shared<StoreBenchOptions>();
    CLI::App* verb = bench.add_subcommand(
        "store", "Points per second of the run store beside a live reader, and reading them back.");
    verb->add_option("--points", options->shape.points, "Points to write")->check(CLI::Range(1000, 100'000'000));
    verb->add_option("--runs", options->shape.runs, "Runs they belong to")->check(CLI::Range(1, 10'000));
    verb->add_option("--series", options->shape.series, "Series of a run")->check(CLI::Range(1, 1000));
    verb->add_option("--pace", options->shape.stepsPerSecond, "Steps a second at most")->check(numberFrom(0, 1e6));
    verb->add_option("-o,--output", options->keep, "Write the store there, and leave it");
    verb->add_flag("--acknowledge", options->acknowledge, "Print each step once its points were accepted");
    verb->add_flag("--json", options->json, "One line of JSON");
    verb->callback([options, &invocation] { invocation.exitCode = benchStore(*options); });
}

} // namespace gradus::app
