// SPDX-License-Identifier: GPL-3.0-or-later
// From the logits of one position to the next token: greedy, or a draw after temperature, top-k, top-p and min-p.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <span>
#include <vector>

namespace gradus::engine {

/// Defaults draw from the model as it is. The filters apply in the order of their names here, each on what the one
/// before left, as transformers does it.
struct SamplingOptions
{
    bool greedy = false;
    double temperature = 1; ///< above 0
    int topK = 0;           ///< the most probable k; 0: all
    double topP = 1;        ///< the fewest most probable whose mass reaches p; (0, 1]
    double minP = 0;        ///< those at least this share of the most probable one; [0, 1)
    std::uint64_t seed = 1;
};

/// Bad input that names the option.
Result<void> checkSampling(const SamplingOptions& options);

/// Keeps the working memory of a draw. One thread.
class Sampler final
{
public:
    explicit Sampler(const SamplingOptions& options) : m_options(options) {}

    /// The token for (sequence, position): a pure function of the logits, the options and these two. Ties go to the
    /// smaller id.
    std::int32_t draw(std::span<const float> logits, std::uint64_t sequence, std::uint64_t position);

    /// Probabilities that draw() uses, most probable first; for tests and for screens.
    struct Candidate
    {
        std::int32_t id;
        double probability;
    };
    std::span<const Candidate> candidates(std::span<const float> logits);

private:
    SamplingOptions m_options;
    std::vector<Candidate> m_candidates;
};

} // namespace gradus::engine
