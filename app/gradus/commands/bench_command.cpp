// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ids.h"
#include "commands/commands.h"
#include "engine/bench.h"
#include "store/bench.h"

#include <cstdio>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace gradus::app {

namespace {

int benchTrain(const engine::TrainBenchOptions& options, bool json)
{
    const auto result = engine::benchTrain(options);
    if (!result) return report(result.error());
    if (json)
        std::printf("%s\n", engine::benchJson(options, *result).c_str());
    else
        std::printf("%.0f tokens/s over %d steps of %d x %d tokens, %lld parameters, %d threads\n",
                    result->tokensPerSecond, options.steps, options.batch, options.sequence,
                    static_cast<long long>(result->parameters), options.threads);
    return 0;
}

int benchGenerate(const engine::GenerateBenchOptions& options, bool json)
{
    const auto speed = engine::benchGenerate(options);
    if (!speed) return report(speed.error());
    if (json)
        std::printf("%s\n", engine::benchJson(options, *speed).c_str());
    else
        std::printf("%.0f new tokens/s, %d prompts side by side, %d threads\n", *speed, options.batch, options.threads);
    return 0;
}

int benchLoad(const std::string& folder, int threads, int repeats, bool json)
{
    const auto speed = engine::benchLoad(folder, threads, repeats);
    if (!speed) return report(speed.error());
    if (json)
        std::printf("%s\n", nlohmann::json{{"bench", "load"}, {"models_per_second", *speed}}.dump().c_str());
    else
        std::printf("%.1f ms to open the folder and score two tokens\n", 1e3 / *speed);
    return 0;
}

int benchStore(std::int64_t points, bool json)
{
    const auto folder = std::filesystem::temp_directory_path() / ("gradus-bench-" + newUuid());
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    const auto result = store::benchStore(folder / "gradus.db", points);
    std::filesystem::remove_all(folder, ignored);
    if (!result) return report(result.error());
    if (json)
        std::printf("%s\n", nlohmann::json{{"bench", "store"},
                                           {"points", result->points},
                                           {"rows_per_second", result->rowsPerSecond},
                                           {"caller_microseconds", result->callerMicroseconds},
                                           {"reader_poll_milliseconds", result->readerPollMilliseconds},
                                           {"worst_poll_milliseconds", result->worstPollMilliseconds},
                                           {"bytes_per_point", result->bytesPerPoint}}
                                .dump()
                                .c_str());
    else
        std::printf("%.0f rows/s committed, %.2f us a point for the run, reader polls %.2f ms (worst %.1f), %.0f bytes a point\n",
                    result->rowsPerSecond, result->callerMicroseconds, result->readerPollMilliseconds,
                    result->worstPollMilliseconds, result->bytesPerPoint);
    return 0;
}

} // namespace

void addBench(CLI::App& app, Invocation& invocation)
{
    auto options = std::make_shared<engine::TrainBenchOptions>();
    auto points = std::make_shared<std::int64_t>(1'000'000);
    auto json = std::make_shared<bool>(false);
    CLI::App* verb = app.add_subcommand("bench", "Measure this machine.");
    verb->require_subcommand(1);
    CLI::App* train = verb->add_subcommand("train", "Tokens per second of language-model training.");
    train->add_option("--layers", options->layers, "Layers")->check(CLI::Range(1, 128));
    train->add_option("--width", options->width, "Hidden size")->check(CLI::Range(8, 16384));
    train->add_option("--heads", options->heads, "Attention heads")->check(CLI::Range(1, 256));
    train->add_option("--key-value-heads", options->keyValueHeads, "Key-value heads")->check(CLI::Range(1, 256));
    train->add_option("--intermediate", options->intermediate, "Intermediate size")->check(CLI::Range(8, 65536));
    train->add_option("--vocabulary", options->vocabulary, "Vocabulary size")->check(CLI::Range(8, 1'000'000));
    train->add_option("--batch", options->batch, "Sequences a step")->check(CLI::Range(1, 65536));
    train->add_option("--sequence", options->sequence, "Tokens a sequence")->check(CLI::Range(1, 131072));
    train->add_option("--threads", options->threads, "Threads")->check(CLI::Range(1, 1024));
    train->add_option("--warmup", options->warmup, "Steps before the clock starts")->check(CLI::Range(0, 100000));
    train->add_option("--steps", options->steps, "Timed steps")->check(CLI::Range(1, 100000));
    auto generation = std::make_shared<engine::GenerateBenchOptions>();
    CLI::App* generate = verb->add_subcommand("generate", "New tokens per second of greedy generation.");
    generate->add_option("--layers", generation->layers, "Layers")->check(CLI::Range(1, 128));
    generate->add_option("--width", generation->width, "Hidden size")->check(CLI::Range(8, 16384));
    generate->add_option("--heads", generation->heads, "Attention heads")->check(CLI::Range(1, 256));
    generate->add_option("--key-value-heads", generation->keyValueHeads, "Key-value heads")->check(CLI::Range(1, 256));
    generate->add_option("--intermediate", generation->intermediate, "Intermediate size")->check(CLI::Range(8, 65536));
    generate->add_option("--vocabulary", generation->vocabulary, "Vocabulary size")->check(CLI::Range(8, 1'000'000));
    generate->add_option("--batch", generation->batch, "Prompts side by side")->check(CLI::Range(1, 65536));
    generate->add_option("--prompt", generation->prompt, "Tokens of a prompt")->check(CLI::Range(1, 131072));
    generate->add_option("--new-tokens", generation->newTokens, "New tokens")->check(CLI::Range(1, 131072));
    generate->add_option("--threads", generation->threads, "Threads")->check(CLI::Range(1, 1024));
    generate->add_option("--repeats", generation->repeats, "Timed repeats")->check(CLI::Range(1, 100000));
    auto folder = std::make_shared<std::string>();
    auto loading = std::make_shared<std::pair<int, int>>(1, 3);
    CLI::App* load = verb->add_subcommand("load", "How fast a model folder is opened.");
    load->add_option("folder", *folder, "A Hugging Face model folder")->required();
    load->add_option("--threads", loading->first, "Threads")->check(CLI::Range(1, 1024));
    load->add_option("--repeats", loading->second, "Timed repeats")->check(CLI::Range(1, 100000));
    CLI::App* stored = verb->add_subcommand("store", "Rows per second of the run store beside a live reader.");
    stored->add_option("--points", *points, "Points to write")->check(CLI::Range(1000, 100'000'000));
    for (CLI::App* action : {train, generate, load, stored})
        action->add_flag("--json", *json, "One line of JSON");
    train->callback([options, json, &invocation] { invocation.exitCode = benchTrain(*options, *json); });
    generate->callback([generation, json, &invocation] { invocation.exitCode = benchGenerate(*generation, *json); });
    load->callback([folder, loading, json, &invocation] {
        invocation.exitCode = benchLoad(*folder, loading->first, loading->second, *json);
    });
    stored->callback([points, json, &invocation] { invocation.exitCode = benchStore(*points, *json); });
}

} // namespace gradus::app
