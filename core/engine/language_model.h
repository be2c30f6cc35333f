// SPDX-License-Identifier: GPL-3.0-or-later
// A language model: asked for text, for the probability of text, and for what it holds inside; taught to write, by
// example and by preference. Token ids in, plain structs out: no tensor crosses this header.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "engine/sampling.h"
#include "engine/tuning.h"
#include "models/model_shape.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gradus::engine {

struct GenerationOptions
{
    SamplingOptions sampling;
    int maxNewTokens = 64;
    int batch = 16;                    ///< prompts continued side by side
    std::vector<std::int32_t> stopIds; ///< end a sequence; the id itself is kept
    bool measure = false;              ///< fill logProbabilities and entropies
    /// Asked after every new token of a prompt; true ends it (a stop string was completed). May be empty.
    std::function<bool(std::size_t prompt, const Tokens& newTokens)> ended;
};

/// What followed one prompt. Log-probabilities and entropies are those of the model's own distribution (temperature 1,
/// no filter), in nats; empty unless asked for.
struct Continuation
{
    Tokens tokens;
    std::vector<float> logProbabilities;
    std::vector<float> entropies;
    bool stopped = false; ///< by a stop id or by ended(), not by the limit
};

/// log p(token t | tokens before) in nats for t = 1 .. n-1 of one sequence, and the entropy of each of these
/// distributions.
struct SequenceScore
{
    std::vector<float> logProbabilities;
    std::vector<float> entropies;
};

/// What was written after a prompt: responses[i] follows prompts[i], and neither is empty.
struct Writings
{
    std::vector<Tokens> prompts;
    std::vector<Tokens> responses;
};

/// chosen[i] is preferred to rejected[i] as the response to prompts[i].
struct WritingPairs
{
    std::vector<Tokens> prompts;
    std::vector<Tokens> chosen;
    std::vector<Tokens> rejected;
};

/// Owns its weights. One thread at a time may use it; different objects are independent.
class LanguageModel final
{
public:
    ~LanguageModel();
    LanguageModel(LanguageModel&&) noexcept;
    LanguageModel& operator=(LanguageModel&&) noexcept;
    LanguageModel(const LanguageModel&) = delete;
    LanguageModel& operator=(const LanguageModel&) = delete;

    /// Bad input as openModelFolder and loadDecoder say.
    static Result<LanguageModel> open(const std::filesystem::path& folder);
    /// The same with a LoRA adapter's folder folded into the weights; empty: none. Bad input also as openAdapterFolder
    /// says, and an adapter of a reward model or a classifier, which writes nothing.
    static Result<LanguageModel> open(const std::filesystem::path& folder, const std::filesystem::path& adapter);
    /// The tuned model's body as a language model of the folder that it came from, whose configuration and end tokens
    /// it has. They share their weights: what is taught here changes the tuned model too, and both belong to one
    /// thread; of its first layers where it was tuned from these. Bad input when the folder holds another shape.
    static Result<LanguageModel> ofTuned(const TunedModel& model, const std::filesystem::path& folder);
    /// Random weights, for benches and tests.
    static Result<LanguageModel> initialise(const models::ModelShape& shape, std::uint64_t seed);
    /// Writes texts as a folder's model does (models::Decoder::readInLoops): for benches of what folders take.
    void readInLoops();
    /// A body of ours, or what saveBody wrote. shape may have other maxPositions than the file states: rotary positions
    /// have no weights. Bad input when the file holds another shape.
    static Result<LanguageModel> fromBody(const std::filesystem::path& safetensors, const models::ModelShape& shape);
    /// config.json and model.safetensors, as transformers opens them. Returns the SHA-256 of the weights.
    Result<std::string> save(const std::filesystem::path& folder) const;
    /// One safetensors file, complete or absent. Returns its SHA-256.
    Result<std::string> saveBody(const std::filesystem::path& safetensors) const;

    const models::ModelShape& shape() const;
    /// Tokens that end a text, as the folder's files say; may be empty.
    const std::vector<std::int32_t>& endIds() const;

    /// One continuation a prompt. Prompts of unequal length are padded on the left and do not see the padding. Bad
    /// input: an empty prompt, an id outside the vocabulary, prompt and new tokens longer than the model's positions.
    Result<std::vector<Continuation>> generate(const std::vector<Tokens>& prompts, const GenerationOptions& options,
                                               const StopFlag& stop) const;

    /// Bad input: a sequence of fewer than two tokens, or as above.
    Result<std::vector<SequenceScore>> score(const std::vector<Tokens>& sequences) const;

    /// The same for texts that begin alike, which is read once: log p(token t of a suffix | prefix, tokens before) for
    /// t = 0 .. n-1 of each suffix. Bad input: no prefix, an empty suffix, or as above.
    Result<std::vector<SequenceScore>> scoreAfter(const Tokens& prefix, const std::vector<Tokens>& suffixes) const;

    /// p(next token) after each of these places (0-based, increasing) of every sequence: [sequence][place][vocabulary],
    /// row-major. Bad input: as score(), or a place outside a sequence.
    Result<std::vector<float>> nextTokens(const std::vector<Tokens>& sequences, const std::vector<int>& places) const;

    /// The residual stream at each sequence's last token after each of these layers (0: the embeddings), row-major
    /// [sequence][layer][width].
    Result<std::vector<float>> lastStates(const std::vector<Tokens>& sequences, const std::vector<int>& layers) const;

    /// Tunes all weights in place towards these responses: mean cross-entropy of their tokens, the prompts' own are not
    /// learnt. The rate is options.learningRate x options.bodyScale, as of every body; weak losses, checkpoints and
    /// adapters are left aside: stopped (ErrorKind::Stopped), it must be begun again from the same weights. onStep is
    /// called after each step from the calling thread.
    Result<void> tune(const Writings& writings, const TuningOptions& options, const StopFlag& stop,
                      const std::function<void(const StepReport&)>& onStep);
    /// Tunes all weights in place towards the chosen responses, held near the model as it is now (the reference):
    /// direct preference optimisation on log p(response | prompt), summed over the response's tokens. Otherwise as
    /// tune().
    Result<void> prefer(const WritingPairs& pairs, const PreferenceLoss& loss, const TuningOptions& options,
                        const StopFlag& stop, const std::function<void(const StepReport&)>& onStep);

private:
    friend class Conversation;
    struct Impl;
    explicit LanguageModel(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace gradus::engine
