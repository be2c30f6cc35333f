// SPDX-License-Identifier: GPL-3.0-or-later
// Tuning one model on labelled items, and asking it for its opinion. Plain structs in, plain structs out: no tensor
// crosses this header.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "engine/preference_losses.h"
#include "engine/weak_losses.h"
#include "models/model_shape.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gradus::engine {

using Tokens = std::vector<std::int32_t>;

/// How an opinion is read off the model.
enum class HeadKind
{
    Classify, ///< K logits at the read-out of the one sequence of an item
    Compare,  ///< one scalar score per sequence; the item's logits are its sequences' scores (Bradley-Terry for two)
};

/// Where the head looks.
enum class Readout
{
    LastToken,
    Mean, ///< mean over the sequence's real positions
};

struct HeadShape
{
    HeadKind kind = HeadKind::Classify;
    int classes = 2;
    Readout readout = Readout::LastToken;
    bool bias = true; ///< of Classify; heads of Hugging Face's sequence classifiers have none
};

/// items[i] has one sequence (Classify) or one per class (Compare). targets is N x K row-major: the probability of each
/// class (soft) or one-hot (hard); empty for prediction only.
struct LabelledItems
{
    std::vector<std::vector<Tokens>> items;
    std::vector<float> targets;
    int classes = 2;
};

/// For every item one response (a class) that is preferred to another.
struct Preferences
{
    std::vector<std::vector<Tokens>> items;
    std::vector<int> chosen;   ///< N
    std::vector<int> rejected; ///< N, different from chosen
};

/// LoRA on the attention's projections. rank 0: all weights are tuned.
struct AdapterShape
{
    int rank = 0;
    double alpha = 16; ///< the update is scaled by alpha / rank
};

/// Somebody who may hold a tuning between two steps or ask it for a checkpoint. Called from the tuning's thread.
class TuningWatch
{
public:
    /// Makes a checkpoint of this step durable; where there is one already, nothing more.
    using Write = std::function<Result<void>()>;

    virtual ~TuningWatch() = default;
    /// After every step, its onStep and its regular checkpoint; takes as long as it likes. write is empty where this
    /// tuning keeps no checkpoints. An error ends the tuning.
    virtual Result<void> afterStep(const Write& write) = 0;
    /// Whether a tuning that is stopped writes a checkpoint first.
    virtual bool savesOnStop() const = 0;
};

struct TuningOptions
{
    int epochs = 1;
    int batch = 32;
    double learningRate = 1e-3; ///< peak, of the head
    double bodyScale = 1.0;     ///< body's rate = learningRate x bodyScale; 0 freezes the body
    double weightDecay = 0.01;
    double warmup = 0.05;                          ///< fraction of all steps
    double clip = 0;                               ///< a longer gradient is shortened to this norm; 0: never
    WeakLoss loss = {};                            ///< how the targets are taken
    std::string decay = "cosine";                  ///< "cosine" | "linear" | "constant" | "wsd" | "drawn"
    std::function<double(double)> drawnDecay = {}; ///< "drawn": as Decay takes it
    std::uint64_t seed = 1;                 ///< of head initialisation and shuffling, through counter-based streams
    int checkpointEvery = 0;                ///< steps; 0: none
    std::filesystem::path checkpointFolder; ///< resumed from when it holds a valid checkpoint of this very job
    std::filesystem::path adapterFolder;    ///< where a finished adapter is written as PEFT opens it; empty: nowhere
    std::string jobHash; ///< names the job (data, options, base): a checkpoint of another job is ignored
    /// Called right before a checkpoint is written, after onStep of that step: the caller makes durable what it heard,
    /// so that no row from before a checkpoint can be missing. Its error ends the tuning. May be empty.
    std::function<Result<void>()> beforeCheckpoint;
    TuningWatch* watch = nullptr; ///< or nobody; must outlive the tuning. It decides nothing of the weights
};

/// As a loop without checkpoints asks it.
inline Result<void> watched(const TuningOptions& options)
{
    return options.watch != nullptr ? options.watch->afterStep({}) : Result<void>();
}

struct StepReport
{
    std::int64_t step = 0; ///< 1-based, of totalSteps
    std::int64_t totalSteps = 0;
    double loss = 0;            ///< mean over the batch, nats
    double tokensPerSecond = 0; ///< over the last few steps, real tokens only
};

/// What the body makes of sequences, before any head.
struct FeatureRows
{
    std::vector<float> values; ///< B x width, row-major: one row a sequence, an item's sequences together
    int width = 0;
};

/// A decoder with a task head. Owns its weights. One thread at a time may use it; different objects are independent.
class TunedModel final
{
public:
    ~TunedModel();
    TunedModel(TunedModel&&) noexcept;
    TunedModel& operator=(TunedModel&&) noexcept;
    TunedModel(const TunedModel&) = delete;
    TunedModel& operator=(const TunedModel&) = delete;

    /// Fresh weights drawn from (seed, parameter name); bit-equal everywhere with the same libtorch.
    static Result<TunedModel> initialise(const models::ModelShape& shape, const HeadShape& head, std::uint64_t seed);
    /// Body from a safetensors file of ours, fresh head. The shape may have other maxPositions than the file states.
    static Result<TunedModel> fromBody(const std::filesystem::path& safetensors, const models::ModelShape& shape,
                                       const HeadShape& head, std::uint64_t seed);
    /// Body from a Hugging Face model folder, fresh head; with a rank above 0 only an adapter and the head are tuned.
    /// Tuning folds the adapter into the weights when it is done. layers: the folder's first ones alone; 0: all.
    static Result<TunedModel> fromFolder(const std::filesystem::path& folder, const HeadShape& head,
                                         const AdapterShape& adapter, std::uint64_t seed, int layers = 0);
    /// Body and head as saved by save().
    static Result<TunedModel> load(const std::filesystem::path& safetensors);

    /// Weights as safetensors, complete or absent. Returns the file's SHA-256.
    Result<std::string> save(const std::filesystem::path& safetensors) const;

    /// Tunes in place. onStep is called after each step from the calling thread and may ask for predictions; when
    /// stop is requested a checkpoint is written and ErrorKind::Stopped is returned. Killed at any moment and called
    /// again with the same arguments it continues from the last checkpoint, and the result is bit-equal.
    Result<void> tune(const LabelledItems& items, const TuningOptions& options, const StopFlag& stop,
                      const std::function<void(const StepReport&)>& onStep);

    /// Tunes in place towards the chosen responses, held near the model as it is now (the reference). Of the options,
    /// weak losses, checkpoints and adapters are left aside: stopped, it must be begun again from the same weights.
    Result<void> prefer(const Preferences& pairs, const PreferenceLoss& loss, const TuningOptions& options,
                        const StopFlag& stop, const std::function<void(const StepReport&)>& onStep);

    /// N x K probabilities, row-major. No gradient, no side effect.
    Result<std::vector<float>> predict(const std::vector<std::vector<Tokens>>& items) const;

    /// The read-out of every sequence in the items' order. No gradient, no side effect.
    Result<FeatureRows> features(const std::vector<std::vector<Tokens>>& items) const;

    /// What heads on the frozen body would answer to held items if they were tuned on `items` towards each of `targets`
    /// (each N x K): one N_held x K table a trial. The options' body scale and checkpoints are left aside; the model is
    /// as before afterwards.
    Result<std::vector<std::vector<float>>> frozenTrials(const std::vector<std::vector<Tokens>>& items,
                                                         const std::vector<std::vector<float>>& targets,
                                                         const std::vector<std::vector<Tokens>>& held,
                                                         const TuningOptions& options, const StopFlag& stop) const;

    const models::ModelShape& shape() const;

private:
    friend class LanguageModel; // that speaks with a tuned model's body
    struct Impl;
    explicit TunedModel(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Next-token (or given-target) pretraining of a body.
struct PretrainOptions
{
    std::int64_t steps = 1500;
    int batch = 256;
    double learningRate = 3e-3;
    double weightDecay = 0.01;
    double warmup = 0.05;
    std::uint64_t seed = 1;
    bool halfPrecisionFile = false; ///< save as F16: half the bytes; read back into fp32
};
/// One batch of sequences with, for every position, the token to predict there or -1 for none. All of equal length.
struct PretrainBatch
{
    std::vector<Tokens> inputs;
    std::vector<Tokens> targets;
};
/// Draws the batch of a step; must be a pure function of the step.
using BatchSource = std::function<PretrainBatch(std::int64_t step)>;

/// Pretrains a fresh body of that shape and saves it. Returns the file's SHA-256.
Result<std::string> pretrainBody(const models::ModelShape& shape, const PretrainOptions& options,
                                 const BatchSource& source, const std::filesystem::path& safetensors,
                                 const StopFlag& stop, const std::function<void(const StepReport&)>& onStep);

/// Call once, first thing in main, before any thread exists: allocator thresholds (libtorch frees and faults 16-64 MB
/// activations every step otherwise) and, by re-executing argv when needed, OMP_WAIT_POLICY=passive.
void prepareProcess(char** argv);
/// "libtorch 2.13.0, CPU, AVX2" for reports.
std::string describeLibrary();
/// Threads libtorch may use inside one operation, for the calling thread.
void useThreads(int threads);

} // namespace gradus::engine
