// SPDX-License-Identifier: GPL-3.0-or-later
// Tuning a Hugging Face folder: by example, by comparison, by preference or by class; whole or through an adapter.
// Token ids in, plain structs and a folder out: no tensor crosses this header.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "engine/device.h"
#include "engine/examples.h"
#include "engine/preference_losses.h"
#include "engine/tuning.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::engine {

enum class TuningMethod
{
    Sft,        ///< cross-entropy of the taught tokens
    Reward,     ///< one score a text, Bradley-Terry between two
    Preference, ///< DPO: log-probabilities of two responses beside those of the model as it was
    Classify,   ///< cross-entropy over classes at the last token
};
/// "sft", "reward", "dpo" or "classify"; anything else is bad input.
Result<TuningMethod> tuningMethodOf(const std::string& name);
std::string_view nameOf(TuningMethod method);

struct FolderTuning
{
    std::filesystem::path folder;      ///< the model to begin with
    std::filesystem::path output;      ///< becomes a model's or an adapter's folder
    std::filesystem::path checkpoints; ///< resumed from when it holds a checkpoint of this very job; empty: none kept,
                                       ///< and the last weights are written, not the best
    TuningMethod method = TuningMethod::Sft;
    int classes = 2;                ///< of Classify
    PreferenceLoss preference = {}; ///< of Preference
    /// An adapter's folder to begin with, which states the next three; empty: a fresh one, or none.
    std::filesystem::path adapter = {};
    int rank = 0;                          ///< of an adapter; 0: all weights are tuned
    double alpha = 16;                     ///< the adapter's update is scaled by alpha / rank
    std::vector<std::string> targets = {}; ///< modules that get an adapter; empty: the attention's projections
    bool merge = false;                    ///< write the adapter folded into the weights, as a model of its own
    int epochs = 1;
    int batch = 8;              ///< examples a pass
    int accumulate = 1;         ///< passes a step: a step's gradient is that of batch x accumulate examples
    int maxSteps = 0;           ///< 0: no limit but the epochs
    double learningRate = 2e-5; ///< peak
    double weightDecay = 0.01;
    double warmup = 0.03;         ///< fraction of all steps, [0, 1)
    std::string decay = "cosine"; ///< "cosine" | "linear" | "constant" | "wsd"
    double clip = 1;              ///< a longer gradient is shortened to this norm; 0: never
    int evaluateEvery = 0;        ///< steps; 0: at the end of each epoch
    int patience = 0;             ///< evaluations without a better loss that end the tuning; 0: none do
    int checkpointEvery = 200;    ///< steps; 0: only when it is stopped
    bool recompute = false;       ///< layers are computed again for their gradients instead of being remembered
    Precision precision = Precision::Single;
    std::string device = "cpu";
    std::uint64_t seed = 1;
};

/// Every option in its range and its device there, or bad input that names it. Opens no file.
Result<void> checkFolderTuning(const FolderTuning& job);

struct TuningStep
{
    std::int64_t step = 0; ///< 1-based, of totalSteps
    std::int64_t totalSteps = 0;
    double loss = 0; ///< mean over the step's taught tokens (Sft) or examples, nats
    double rate = 0;
    double gradientNorm = 0; ///< before it was shortened
    double tokensPerSecond = 0;
};

/// What the model makes of one held-out example.
struct ExampleScore
{
    double loss = 0;   ///< sum over the example, nats
    double weight = 1; ///< Sft: taught tokens
    bool right = true; ///< Classify: the likeliest class is the target's; Reward, Preference: the first is preferred
    double chosen = 0; ///< Reward: the scores; Preference: beta (log pi - log reference), the implicit rewards
    double rejected = 0;
};

struct TuningEvaluation
{
    std::int64_t step = 0;                 ///< 0: before the first
    double loss = 0;                       ///< sum of losses over sum of weights
    std::vector<ExampleScore> scores = {}; ///< in the order of the examples
    bool best = false;                     ///< the lowest loss of those after a step, so far
};

/// A loss or a gradient that is no number, or a weight after the last step.
struct TuningDivergence
{
    std::int64_t step = 0;
    std::string_view what;     ///< "loss", "gradient" or "weight"
    std::int64_t goodStep = 0; ///< of the newest checkpoint from which a step gave numbers; 0: there is none
};

/// Called from the thread that tunes; each may be empty.
struct TuningListener
{
    std::function<void(std::int64_t step)> onResume; ///< once, before anything else, when a checkpoint was found
    std::function<void(const TuningStep&)> onStep;
    std::function<void(const TuningEvaluation&)> onEvaluation;
    std::function<void(const TuningDivergence&)> onDivergence; ///< nothing follows
};

struct TunedFolder
{
    std::int64_t steps = 0; ///< done
    std::int64_t totalSteps = 0;
    std::int64_t bestStep = 0;   ///< whose weights were written; equals steps when nothing was held out
    bool stoppedEarly = false;   ///< by patience
    std::int64_t parameters = 0; ///< tuned
    std::string sha256;          ///< of the weights' file
};

/// Tunes and writes the output folder. Bad input: the folder, an option, an example that the model cannot read (by its
/// number, from 1). Stopped: a checkpoint was written; the same call goes on from there and ends in the same bits. A
/// loss that is no number ends it before it touches the weights; where a good checkpoint is kept (one from which a step
/// gave numbers), its weights are written to output/last-good, to be tuned on from, and the error names them.
Result<TunedFolder> tuneFolder(const FolderTuning& job, const Examples& taught, const std::vector<TaughtExample>& held,
                               const StopFlag& stop, const TuningListener& listener);
Result<TunedFolder> tuneFolder(const FolderTuning& job, const std::vector<TaughtExample>& taught,
                               const std::vector<TaughtExample>& held, const StopFlag& stop,
                               const TuningListener& listener);

} // namespace gradus::engine
