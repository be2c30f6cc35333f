// SPDX-License-Identifier: GPL-3.0-or-later
// M11: a linear probe that learns from judged twins what hazardous episodes look like, on any features: hidden states
// of a model where there is one, counts of word pairs where there is none. Pure.
#pragma once

#include "base/result.h"
#include "monitors/monitor.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace gradus::monitors {

/// A language model whose hidden states are read, not asked. One thread.
class StateReader
{
public:
    virtual ~StateReader() = default;
    virtual std::string name() const = 0; ///< in one line
    /// The state behind the last word of a text that the agent wrote; as many numbers for any text.
    virtual Result<std::vector<float>> states(const std::string& text) = 0;
};

struct ProbeCase
{
    std::vector<float> features; ///< all cases have as many
    bool positive = false;
    int group = 0; ///< what is held out together: a family of scenarios
};

/// Logistic regression.
struct Probe
{
    std::vector<double> weights;
    double bias = 0;
    double score(std::span<const float> features) const; ///< 0..1
};

/// Ridge-penalised maximum likelihood by gradient steps of fixed number; classes weigh the same however many there are.
/// No case of one of the classes: a probe that gives 0.5.
Probe fitProbe(std::span<const ProbeCase> cases, double ridge = 1e-3);

/// For each case the score of a probe that was fitted without its group: a kind of hazard that it has never seen.
std::vector<double> heldOutScores(std::span<const ProbeCase> cases, double ridge = 1e-3);

/// Every feature less its mean and by its deviation over all cases, of which no class is looked at, and that by the
/// square root of their number: a model's states have a few directions that are a thousand times as long as the others.
/// A feature that never differs becomes 0.
std::vector<ProbeCase> standardised(std::vector<ProbeCase> cases);

inline constexpr std::size_t kTextFeatures = 256;
/// Words and pairs of neighbouring words of calls and last words, hashed into kTextFeatures counts, logarithmic, of
/// length one. Names of files and values that a seed draws are in it like any other word.
std::vector<float> textFeatures(const View& view);

} // namespace gradus::monitors
