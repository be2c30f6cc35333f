// SPDX-License-Identifier: GPL-3.0-or-later
// Speed of the house decoder (training, generation, loading), for comparison with other implementations.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace gradus::engine {

struct TrainBenchOptions
{
    int layers = 4;
    int width = 64;
    int heads = 4;
    int keyValueHeads = 2;
    int intermediate = 256;
    int vocabulary = 2048;
    int batch = 16;
    int sequence = 128;
    int threads = 1;
    int warmup = 5; ///< steps before the clock starts
    int steps = 30; ///< timed steps
};

struct TrainBenchResult
{
    double tokensPerSecond = 0; ///< over all timed steps
    double medianStepSeconds = 0;
    double lastLoss = 0;
    std::int64_t parameters = 0;
};

/// Forward, backward and fused AdamW on random tokens, single precision. Sets the calling thread's thread count.
Result<TrainBenchResult> benchTrain(const TrainBenchOptions& options);

/// One line of JSON: {"bench":"train","tokens_per_second":…, …} with the options beside the result.
std::string benchJson(const TrainBenchOptions& options, const TrainBenchResult& result);

struct GenerateBenchOptions
{
    int layers = 4;
    int width = 64;
    int heads = 4;
    int keyValueHeads = 2;
    int intermediate = 256;
    int vocabulary = 2048;
    int batch = 1;
    int prompt = 16;
    int newTokens = 64;
    int threads = 1;
    int repeats = 5; ///< timed, after one that is not
};

/// New tokens a second, greedy, prompt included in the time.
Result<double> benchGenerate(const GenerateBenchOptions& options);
std::string benchJson(const GenerateBenchOptions& options, double tokensPerSecond);

/// How often a second the folder is opened as a language model and scores two tokens; mean of repeats after one that
/// is not timed.
Result<double> benchLoad(const std::filesystem::path& folder, int threads, int repeats);

} // namespace gradus::engine
