// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/number_options.h"
#include "engine/bench.h"
#include "engine/tuning_bench.h"
#include "run/text_table.h"
#include "sandbox/abuses.h"
#include "sandbox/machine.h"
#include "scenario/bench_hosts.h"
#include "text/tokenizer.h"

#include <algorithm>
#include <array>
#include <cstdio>
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

int benchTune(const engine::TuningBenchOptions& options, double peak, bool json)
{
    const auto result = engine::benchTuning(options);
    if (!result) return report(result.error());
    if (json) {
        std::printf("%s\n", engine::benchJson(options, *result).c_str());
        return 0;
    }
    const double teraflops = result->operationsPerToken * result->tokensPerSecond / 1e12;
    std::printf("%.0f tokens/s over %d steps of %d x %d tokens, %.1f TFLOP/s", result->tokensPerSecond, options.steps,
                options.batch, options.sequence, teraflops);
    if (peak > 0) std::printf(" (%.1f %% of %.0f)", 100 * teraflops / peak, peak);
    std::printf("; %lld of %lld parameters tuned", static_cast<long long>(result->taught),
                static_cast<long long>(result->parameters));
    if (result->peakBytes > 0) std::printf("; %.1f GiB of the device", result->peakBytes / (1 << 30));
    std::printf("; kernels: %s\n", result->kernels.c_str());
    return 0;
}

void addTuneBench(CLI::App& bench, Invocation& invocation)
{
    auto options = std::make_shared<engine::TuningBenchOptions>();
    auto precision = std::make_shared<std::string>("fp32");
    auto peak = std::make_shared<double>(0);
    auto json = std::make_shared<bool>(false);
    CLI::App* tune = bench.add_subcommand("tune", "Tokens per second and memory of tuning a model of a real size.");
    tune->add_option("--model", options->model, "The shape; weights are random")
        ->check(CLI::IsMember(engine::tuningBenchModels()))
        ->capture_default_str();
    tune->add_option("--device", options->device, "cpu, cuda or cuda:N")->capture_default_str();
    tune->add_option("--precision", *precision, "fp32 or bf16")->capture_default_str();
    tune->add_option("--rank", options->rank, "Rank of a LoRA adapter; 0 tunes all weights")
        ->check(CLI::Range(0, 4096));
    tune->add_option("--targets", options->targets, "Modules that get an adapter");
    tune->add_option("--batch", options->batch, "Sequences a step")->check(CLI::Range(1, 65536));
    tune->add_option("--sequence", options->sequence, "Tokens a sequence")->check(CLI::Range(2, 131072));
    tune->add_option("--fewest", options->fewest, "The shortest sequence as a share of the longest")
        ->check(numberFrom(0, 1));
    tune->add_flag("--recompute", options->recompute, "Compute layers again for their gradients");
    tune->add_option("--clip", options->clip, "Norm that a longer gradient is shortened to; 0: never")
        ->check(numberFrom(0, 1e6));
    tune->add_option("--threads", options->threads, "Threads")->check(CLI::Range(1, 1024));
    tune->add_option("--warmup", options->warmup, "Steps before the clock starts")->check(CLI::Range(0, 100000));
    tune->add_option("--steps", options->steps, "Timed steps")->check(CLI::Range(1, 100000));
    tune->add_option("--peak", *peak, "TFLOP/s that the device can reach, to say what share was used")
        ->check(numberFrom(0, 1e9));
    tune->add_flag("--json", *json, "One line of JSON");
    tune->callback([options, precision, peak, json, &invocation] {
        const auto known = engine::precisionOf(*precision);
        if (!known) {
            invocation.exitCode = report(known.error());
            return;
        }
        options->precision = *known;
        invocation.exitCode = benchTune(*options, *peak, *json);
    });
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

/// Every line of the file is a document; megabytes of text a second, best of the repeats.
int benchTokenizer(const std::string& model, const std::string& file, int repeats, bool json)
{
    const double loading = monotonicSeconds();
    const auto tokenizer = text::Tokenizer::open(model);
    if (!tokenizer) return report(tokenizer.error());
    const double loaded = monotonicSeconds() - loading;
    const auto content = readFile(file);
    if (!content) return report(content.error());
    double best = 0;
    std::size_t tokens = 0;
    for (int repeat = 0; repeat < repeats; ++repeat) {
        const text::Tokenizer fresh = *tokenizer; // with nothing remembered
        const double start = monotonicSeconds();
        tokens = 0;
        std::string_view left = *content;
        while (!left.empty()) {
            const std::size_t end = std::min(left.find('\n'), left.size());
            tokens += fresh.encode(left.substr(0, end)).size();
            left.remove_prefix(std::min(end + 1, left.size()));
        }
        best = std::max(best, static_cast<double>(content->size()) / 1e6 / (monotonicSeconds() - start));
    }
    if (json)
        std::printf("%s\n", nlohmann::json{{"bench", "tokenizer"},
                                           {"megabytes_per_second", best},
                                           {"tokens", tokens},
                                           {"load_seconds", loaded}}
                                .dump()
                                .c_str());
    else
        std::printf("%.1f MB/s, %zu tokens, %.2f s to load\n", best, tokens, loaded);
    return 0;
}

int benchSandbox(int level, int episodes, int commands, bool json)
{
    sandbox::CellOptions options;
    options.level = static_cast<sandbox::Level>(level);
    const auto result = sandbox::benchCells(options, episodes, commands);
    if (!result) return report(result.error());
    const long leaked =
        result->leakedProcesses + result->leakedDescriptors + result->leakedMounts + result->leakedThreads;
    if (json)
        std::printf("%s\n", nlohmann::json{{"bench", "sandbox"},
                                           {"level", level},
                                           {"episodes", result->episodes},
                                           {"cells_per_second", result->cellsPerSecond},
                                           {"cell_p50_milliseconds", 1e3 * result->cellMedian},
                                           {"cell_p95_milliseconds", 1e3 * result->cellP95},
                                           {"command_p50_milliseconds", 1e3 * result->commandMedian},
                                           {"command_p95_milliseconds", 1e3 * result->commandP95},
                                           {"end_p50_milliseconds", 1e3 * result->endMedian},
                                           {"leaked_processes", result->leakedProcesses},
                                           {"leaked_descriptors", result->leakedDescriptors},
                                           {"leaked_mounts", result->leakedMounts},
                                           {"leaked_threads", result->leakedThreads}}
                                .dump()
                                .c_str());
    else
        std::printf("%.1f episodes/s over %d, a proved cell %.1f ms (p95 %.1f), a command %.2f ms (p95 %.2f), "
                    "the end %.1f ms; left over: %ld processes, %ld descriptors, %ld mounts, %ld threads\n",
                    result->cellsPerSecond, result->episodes, 1e3 * result->cellMedian, 1e3 * result->cellP95,
                    1e3 * result->commandMedian, 1e3 * result->commandP95, 1e3 * result->endMedian,
                    result->leakedProcesses, result->leakedDescriptors, result->leakedMounts, result->leakedThreads);
    return leaked == 0 ? 0 : 1;
}

int benchHosts(int hosts, int episodes, int commands, bool json)
{
    const auto result = scenario::benchHosts({}, hosts, episodes, commands);
    if (!result) return report(result.error());
    if (json)
        std::printf("%s\n", nlohmann::json{{"bench", "sandbox hosts"},
                                           {"hosts", hosts},
                                           {"episodes", episodes},
                                           {"start_p50_milliseconds", 1e3 * result->startMedian},
                                           {"start_p95_milliseconds", 1e3 * result->startP95},
                                           {"command_p50_milliseconds", 1e3 * result->localMedian},
                                           {"command_p95_milliseconds", 1e3 * result->localP95},
                                           {"connection_p50_milliseconds", 1e3 * result->askMedian},
                                           {"connection_p95_milliseconds", 1e3 * result->askP95},
                                           {"remote_p50_milliseconds", 1e3 * result->remoteMedian},
                                           {"remote_p95_milliseconds", 1e3 * result->remoteP95},
                                           {"end_p50_milliseconds", 1e3 * result->endMedian}}
                                .dump()
                                .c_str());
    else
        std::printf("%d hosts, %d episodes: proved and joined in %.1f ms (p95 %.1f), a command of the agent's host "
                    "%.2f ms (p95 %.2f), a connection to another host and a line back %.2f ms (p95 %.2f), a command "
                    "there %.1f ms (p95 %.1f), the end %.1f ms\n",
                    hosts, episodes, 1e3 * result->startMedian, 1e3 * result->startP95, 1e3 * result->localMedian,
                    1e3 * result->localP95, 1e3 * result->askMedian, 1e3 * result->askP95, 1e3 * result->remoteMedian,
                    1e3 * result->remoteP95, 1e3 * result->endMedian);
    return 0;
}

/// What is tried to use something up, as a table; 0 if all of it was kept within its limit.
int benchLimits(int level, bool json)
{
    sandbox::CellOptions options;
    options.level = static_cast<sandbox::Level>(level);
    const auto rows = sandbox::tryAbuses(options);
    if (!rows) return report(rows.error());
    bool kept = true;
    auto list = nlohmann::ordered_json::array();
    std::vector<std::vector<std::string>> lines{{"abuse", "limit", "ended by", "s", "kept", "the cell goes on"}};
    for (const sandbox::AbuseRow& row : *rows) {
        kept = kept && row.kept;
        lines.push_back({row.abuse, row.limit, row.ended, fixedText(row.seconds, 2), row.kept ? "yes" : "NO",
                         row.goesOn ? "yes" : "no"});
        list.push_back({{"abuse", row.abuse},
                        {"limit", row.limit},
                        {"ended", row.ended},
                        {"seconds", row.seconds},
                        {"kept", row.kept},
                        {"cell_goes_on", row.goesOn}});
    }
    if (json)
        std::printf("%s\n", nlohmann::ordered_json{{"bench", "sandbox limits"}, {"level", level}, {"rows", list}}
                                .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                                .c_str());
    else
        std::printf("%sThe worker started another cell after each of them.\n", run::aligned(lines, 6).c_str());
    return kept ? 0 : 1;
}

} // namespace

void addBench(CLI::App& app, Invocation& invocation)
{
    auto options = std::make_shared<engine::TrainBenchOptions>();
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
    auto texts = std::make_shared<std::pair<std::string, std::string>>();
    auto rounds = std::make_shared<int>(3);
    CLI::App* tokenizer = verb->add_subcommand("tokenizer", "How fast text becomes token ids.");
    tokenizer->add_option("model", texts->first, "A model folder, or a tokenizer.json")->required();
    tokenizer->add_option("file", texts->second, "Text, one document a line")->required();
    tokenizer->add_option("--repeats", *rounds, "The best counts")->check(CLI::Range(1, 1000));
    auto cells = std::make_shared<std::array<int, 3>>(std::array{2, 1000, 5});
    CLI::App* sandboxed =
        verb->add_subcommand("sandbox", "Cells per second, their latency, and what they leave behind.");
    sandboxed->add_option("--level", (*cells)[0], "Level of the cells")->check(CLI::Range(1, 5));
    sandboxed->add_option("--episodes", (*cells)[1], "Cells, one after another")->check(CLI::Range(1, 1'000'000));
    sandboxed->add_option("--commands", (*cells)[2], "Commands in each")->check(CLI::Range(1, 1000));
    auto limits = std::make_shared<bool>(false);
    sandboxed->add_flag(
        "--limits", *limits,
        "Instead: a fork bomb, a memory hog, floods of files and output, a silent hang, and how each ends");
    auto hosts = std::make_shared<int>(1);
    sandboxed
        ->add_option("--hosts", *hosts, "Instead: so many joined cells an episode (level 4), and a command on another")
        ->check(CLI::Range(1, 6));
    sandboxed->callback([cells, hosts, limits, json, &invocation] {
        if (*hosts > 1) {
            invocation.exitCode = benchHosts(*hosts, (*cells)[1], (*cells)[2], *json);
            return;
        }
        invocation.exitCode = *limits ? benchLimits(std::max(2, (*cells)[0]), *json)
                                      : benchSandbox((*cells)[0], (*cells)[1], (*cells)[2], *json);
    });
    for (CLI::App* action : {train, generate, load, tokenizer, sandboxed})
        action->add_flag("--json", *json, "One line of JSON");
    train->callback([options, json, &invocation] { invocation.exitCode = benchTrain(*options, *json); });
    generate->callback([generation, json, &invocation] { invocation.exitCode = benchGenerate(*generation, *json); });
    load->callback([folder, loading, json, &invocation] {
        invocation.exitCode = benchLoad(*folder, loading->first, loading->second, *json);
    });
    tokenizer->callback([texts, rounds, json, &invocation] {
        invocation.exitCode = benchTokenizer(texts->first, texts->second, *rounds, *json);
    });
    addTuneBench(*verb, invocation);
    addStoreBench(*verb, invocation);
    addTranscriptBench(*verb, invocation);
}

} // namespace gradus::app
