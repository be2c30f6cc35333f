// SPDX-License-Identifier: GPL-3.0-or-later
// Speed and memory of tuning models of real sizes on random weights and random tokens: the step is the one that
// tuneFolder takes, without a folder, which need not exist.
#pragma once

#include "base/result.h"
#include "engine/device.h"
#include "engine/tuning_memory.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::engine {

struct TuningBenchOptions
{
    std::string model = "qwen2.5-0.5b"; ///< one of tuningBenchModels()
    std::string device = "cpu";         ///< "cpu", "cuda" or "cuda:N"
    Precision precision = Precision::Single;
    int rank = 0;                          ///< of an adapter; 0: all weights are tuned
    std::vector<std::string> targets = {}; ///< modules that get an adapter; empty: the attention's projections
    int batch = 8;                         ///< sequences a step
    int sequence = 1024;                   ///< tokens a sequence, the longest where they differ
    double fewest = 1;      ///< the shortest sequence as a share of the longest; lengths are even between them
    bool recompute = false; ///< as in FolderTuning
    double clip = 1;        ///< as in FolderTuning
    int threads = 1;
    int warmup = 3; ///< steps before the clock starts
    int steps = 10; ///< timed steps
};

/// "qwen2.5-0.5b", "-1.5b", "-3b", "-7b", and "tiny", which any machine can try.
std::vector<std::string> tuningBenchModels();

struct TuningBenchResult
{
    double tokensPerSecond = 0; ///< real tokens, padding not counted, over all timed steps
    double medianStepSeconds = 0;
    double lastLoss = 0;
    std::int64_t parameters = 0; ///< all of the model's
    std::int64_t taught = 0;     ///< those that are tuned
    /// Operations a token needs: 6 for each weight that a product uses, 4 where the body is frozen (no gradient of its
    /// weights), and the attention's half square; what is computed again is not counted again.
    double operationsPerToken = 0;
    double peakBytes = 0;      ///< device memory that libtorch held at most; 0 on a CPU
    double estimatedBytes = 0; ///< of the same memory, by tuning_memory, before a step
    std::string kernels;       ///< "fused", or why libtorch's operators did the work
};

/// The published shape of one of tuningBenchModels(); bad input names them.
Result<models::ModelShape> benchShape(const std::string& model, int sequence);
/// What the bench's steps are estimated to need.
TuningMemory benchMemory(const TuningBenchOptions& options, const models::ModelShape& shape);

/// Sets the calling thread's thread count. Bad input: an unknown model, numbers below 1, a device that is not there.
Result<TuningBenchResult> benchTuning(const TuningBenchOptions& options);

/// One line of JSON with the options beside the result.
std::string benchJson(const TuningBenchOptions& options, const TuningBenchResult& result);

} // namespace gradus::engine
