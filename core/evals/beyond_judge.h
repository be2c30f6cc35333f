// SPDX-License-Identifier: GPL-3.0-or-later
// Three ways to judge answers that nobody can check (arXiv 2503.07660, section 4.3), each with its own error measured
// where the truth is known after all. Pure functions.
#pragma once

#include "base/interval.h"
#include "evals/group_intervals.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradus::evals {

/// Items of one difficulty, the same for all models.
struct GradedBin
{
    int difficulty = 0;
    std::vector<int> truth; ///< classes 0..K-1
};

/// One model's answers, bin by bin. Equal weights are one model, however many runs hold them.
struct GradedModel
{
    std::string name;
    double capacity = 0;                  ///< log10 parameters
    std::vector<std::vector<int>> labels; ///< one list a bin, as long as its truth
};

struct GradedModels
{
    int classes = 2;
    std::vector<GradedBin> bins; ///< increasing difficulty
    std::vector<GradedModel> models;
    std::vector<Bundle> ladders; ///< the models of one run, first to last, and its seed; conditions share models
    int repeats = 0;             ///< runs that were left out because every weight of theirs is another's
    int shared = 0;              ///< generations that are one of the models again
};

/// The group of each model: ladders of one seed, or that share a model, tell of one thing. Every model must be on a
/// ladder.
std::vector<int> modelGroups(const GradedModels& all);

/// Accuracy of a model in a bin, Wilson interval.
Estimate accuracyIn(const GradedModels& all, std::size_t model, std::size_t bin);

/// Surrogate evaluation: the hardest bin foretold from easier ones. The surrogate is the mean accuracy of the lower
/// half of the bins; real = a + b surrogate is fitted on the models of all groups but the model's own (with one group:
/// on all other models).
struct SurrogateJudge
{
    std::optional<Estimate> spearman; ///< of surrogate and real, over models; 95 % interval over groups, n: groups
    std::optional<Estimate> slope;    ///< b over all models, interval likewise; 1 is a surrogate to scale
    double rawError = 0;              ///< mean |surrogate - real|
    double calibratedError = 0;       ///< mean |a + b surrogate - real|, each by a fit that has not seen the model
    double coverage = 0;              ///< share of models inside the fit's 90 % prediction interval
    int models = 0;
    long long groups = 0; ///< with 1, calibration has seen models of the same seed
};
/// None with fewer than four models or two bins.
std::optional<SurrogateJudge> surrogateJudge(const GradedModels& all);

/// Extrapolation: log odds of accuracy (above chance) = a + b difficulty + d capacity, fitted on every bin but the
/// hardest of one ladder, foretelling each of its models there.
struct ExtrapolationJudge
{
    Estimate coverage;       ///< share of cells in the 90 % prediction interval; shareOverGroups
    double error = 0;        ///< mean |foretold - real|
    double signedError = 0;  ///< mean foretold - real: above 0 it promises too much
    double carriedError = 0; ///< of the second hardest bin's accuracy taken as it is
    double width = 0;
    int cells = 0;
};
/// Over all ladders with three bins or more and two models or more; none without one.
std::optional<ExtrapolationJudge> extrapolationJudge(const GradedModels& all);

/// Peer review: models ranked without truth, by agreement with others on the hardest bin.
struct PeerJudge
{
    std::string panel;                ///< "peers", "peers, weighted", "people"
    std::optional<Estimate> spearman; ///< with accuracy: mean over groups of their ladders', 95 % t; n: groups
    std::optional<Estimate> kendall;
    double topRight = 0; ///< share of ladders in which the model ranked first is the best
    int ladders = 0;
};
/// Simulated people know an item of difficulty d with probability 0.8^d and guess evenly otherwise, each by a
/// stream of (seed, person): they know the easy items and little of the hard ones. "Weighted" peers count each other by
/// their own agreement, iterated. Ladders of fewer than three models are left out.
std::vector<PeerJudge> peerJudges(const GradedModels& all, std::uint64_t seed, int people = 5);

/// Kendall's tau-b; none where one list is constant or they are not of one length of two or more.
std::optional<double> kendallTau(std::span<const double> a, std::span<const double> b);

} // namespace gradus::evals
