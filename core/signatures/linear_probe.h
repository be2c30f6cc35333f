// SPDX-License-Identifier: GPL-3.0-or-later
// A linear probe: multinomial logistic regression with ridge on frozen features. What it reads, the features hold.
#pragma once

#include "base/interval.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradus::signatures {

/// N rows of features and their labels, seen and not owned.
struct ProbeData
{
    std::span<const float> features; ///< N x width, row-major, finite
    int width = 0;
    std::span<const int> labels; ///< N, each in 0..classes-1
    int classes = 0;             ///< at least 2
};

struct ProbeOptions
{
    double ridge = 1; ///< weight of |W|^2/2 beside the summed loss, features standardised on the training rows
    int folds = 5;
    int iterations = 300; ///< of L-BFGS at most
    int repeats = 5;      ///< shuffles behind the label curve
    std::uint64_t seed = 0;
};

/// Fitted weights; pure and immutable. Deterministic: the same rows give the same bits.
class LinearProbe final
{
public:
    /// rows: indices into data, at least one. data must be sound (see whyUnusable).
    LinearProbe(const ProbeData& data, std::span<const std::int64_t> rows, const ProbeOptions& options);

    /// classes log-probabilities of one row of width features.
    std::vector<double> logProbabilities(std::span<const float> features) const;
    int classify(std::span<const float> features) const; ///< ties to the smaller label

private:
    std::vector<double> m_mean;
    std::vector<double> m_scale;
    std::vector<double> m_weights; ///< (width + 1) x classes, row-major; the last row is the bias
    int m_classes = 0;
};

/// One phrase that says why a probe cannot be fitted; empty when it can: at least two rows a fold, labels in range, at
/// least two of the classes present, finite features, sizes that agree.
std::string whyUnusable(const ProbeData& data, const ProbeOptions& options = {});

/// What k-fold cross-validation reads.
struct ProbeReading
{
    std::optional<Estimate> accuracy; ///< of the out-of-fold predictions; Wilson, which leaves the fit's own spread out
    double majority = 0;              ///< accuracy of always naming the commonest label
    std::vector<double> outOfFold;    ///< N x classes log-probabilities, each row by a probe that never saw it
    std::string refusal;              ///< why there is no figure
};
ProbeReading crossValidated(const ProbeData& data, const ProbeOptions& options = {});

/// N items of so many texts each, of which one is right.
struct ChoiceData
{
    std::span<const float> features; ///< N x texts x width, row-major, finite
    int width = 0;
    int texts = 0;               ///< at least 2
    std::span<const int> labels; ///< N: which text is right
};
/// The same where an item is a choice: one probe says of a text, by its features less their mean over the item's texts,
/// whether it is the right one, and the item's answer is the text of which it says so most. Folds keep an item's texts
/// together. outOfFold: N x texts log-probabilities of being right, which need not sum to one.
ProbeReading crossValidatedChoice(const ChoiceData& data, const ProbeOptions& options = {});

/// (accuracy - majority)/(ceiling - majority) with accuracy's interval carried over: how much of what can be learnt is
/// readable without learning. Majority and ceiling are taken as known. None when ceiling.low <= majority.
std::optional<Estimate> salience(const Estimate& accuracy, double majority, const Estimate& ceiling);

/// Accuracy against the number of true labels: 16, 32, ... 1024, as far as four fifths of the rows reach; the last
/// fifth is what it is tested on. Averaged over shuffles with a t interval over these.
struct LabelCurve
{
    std::vector<int> labels;
    std::vector<Estimate> accuracy; ///< one for each entry of labels
    std::optional<Estimate> area;   ///< under accuracy against log2(labels) by trapezoids, over the width: 0..1
    std::string refusal;            ///< why there is none: fewer than 40 rows, or whyUnusable
};
LabelCurve labelCurve(const ProbeData& data, const ProbeOptions& options = {});

} // namespace gradus::signatures
