// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sampling.h"

#include "base/rng.h"

#include <algorithm>
#include <cmath>

namespace gradus::engine {

Result<void> checkSampling(const SamplingOptions& options)
{
    if (!(options.temperature > 0) || !std::isfinite(options.temperature))
        return badInput("The temperature must be a number above 0; use greedy for the most probable.");
    if (options.topK < 0) return badInput("top-k must be 0 (all) or more.");
    if (!(options.topP > 0 && options.topP <= 1)) return badInput("top-p must be above 0 and at most 1.");
    if (!(options.minP >= 0 && options.minP < 1)) return badInput("min-p must be 0 or more and below 1.");
    return {};
}

std::span<const Sampler::Candidate> Sampler::candidates(std::span<const float> logits)
{
    m_candidates.clear();
    const float most = *std::ranges::max_element(logits);
    for (std::size_t i = 0; i < logits.size(); ++i)
        m_candidates.push_back(
            {static_cast<std::int32_t>(i), std::exp((static_cast<double>(logits[i]) - most) / m_options.temperature)});
    const auto before = [](const Candidate& a, const Candidate& b) {
        return a.probability != b.probability ? a.probability > b.probability : a.id < b.id;
    };
    const auto k = static_cast<std::ptrdiff_t>(m_options.topK);
    if (k > 0 && k < std::ssize(m_candidates)) {
        std::partial_sort(m_candidates.begin(), m_candidates.begin() + k, m_candidates.end(), before);
        m_candidates.resize(static_cast<std::size_t>(k));
    } else {
        std::ranges::sort(m_candidates, before);
    }
    const auto total = [&] {
        double sum = 0;
        for (const Candidate& candidate : m_candidates)
            sum += candidate.probability;
        return sum;
    };
    if (m_options.topP < 1) {
        const double wanted = m_options.topP * total();
        double mass = 0;
        std::size_t kept = 0;
        while (kept < m_candidates.size() && mass < wanted)
            mass += m_candidates[kept++].probability;
        m_candidates.resize(kept);
    }
    // The most probable one has weight 1, so min-p is a bound on the weights themselves.
    std::erase_if(m_candidates, [&](const Candidate& candidate) { return candidate.probability < m_options.minP; });
    const double sum = total();
    for (Candidate& candidate : m_candidates)
        candidate.probability /= sum;
    return m_candidates;
}

std::int32_t Sampler::draw(std::span<const float> logits, std::uint64_t sequence, std::uint64_t position)
{
    if (m_options.greedy) return static_cast<std::int32_t>(std::ranges::max_element(logits) - logits.begin());
    const auto kept = candidates(logits);
    double left = Rng(m_options.seed, "sample/" + std::to_string(sequence) + "/" + std::to_string(position)).uniform();
    for (const Candidate& candidate : kept) {
        left -= candidate.probability;
        if (left < 0) return candidate.id;
    }
    return kept.back().id;
}

} // namespace gradus::engine
