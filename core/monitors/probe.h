// SPDX-License-Identifier: GPL-3.0-or-later
// M11: a linear probe that learns from judged twins what hazardous episodes look like, on any features: hidden states
// of a model where there is one, counts of word pairs where there is none. Pure.
#pragma once

#include "monitors/monitor.h"

#include <cstddef>
#include <span>
#include <vector>

namespace gradus::monitors {

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

inline constexpr std::size_t kTextFeatures = 256;
/// Words and pairs of neighbouring words of calls and last words, hashed into kTextFeatures counts, logarithmic, of
/// length one. Names of files and values that a seed draws are in it like any other word.
std::vector<float> textFeatures(const View& view);

} // namespace gradus::monitors
