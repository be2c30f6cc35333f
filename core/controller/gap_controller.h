// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses the gap to the next generation and says why. Pure: no clock, no store, no tensors. The rules of pi, bandit
// and adaptive are this project's own: the paper (arXiv 2503.07660) asks for annealing and gives no algorithm.
#pragma once

#include "base/interval.h"
#include "spec/experiment.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradus::controller {

/// One generation that was tried, as the experimenter sees it: everything is measured on the anchors, nothing on the
/// test. Accuracies and rates are in [0, 1]; intervals are 95 %.
struct Attempt
{
    int generation = 1;
    int rung = 0;
    bool accepted = true;              ///< false: rolled back
    Estimate utility;                  ///< accuracy on the anchors
    std::optional<double> gap;         ///< taken to get there; none for A_1
    std::optional<Estimate> gain;      ///< utility minus the supervisor's, paired over anchors
    std::optional<double> predicted;   ///< that gain as it was predicted before
    std::optional<Estimate> imitation; ///< P(student = supervisor | supervisor wrong)
    std::optional<double> diversity;   ///< entropy of its mean prediction over that of A_1
    /// Share of wrong labels among those that the next generation would be taught: its own error where it labels
    /// alone, the pool's where several sources do. None: of several sources, in a run that did not note it.
    std::optional<double> noise = {};
    double noiseUpper = 1; ///< one-sided 95 % bound of that share
    double flops = 0;      ///< spent in this run up to and including this attempt
};

/// What is known of a rung above before anything is trained on it: a head on its frozen body, tuned as the generation
/// would be on the labels it would be taught, scored on the anchors.
struct Forecast
{
    int rung = 0;
    Estimate utility;
    Estimate gain; ///< minus A_i's own accuracy, paired over anchors
    /// (share of labels flipped on top, anchor accuracy lost by it), share increasing from 0; means over draws.
    std::vector<std::pair<double, double>> lossByFlips;
};

/// Labels that could be had instead, and how far they are known to be wrong; see purchases.h for what is made of it.
struct Purchase
{
    std::string kind;                 ///< "filter" | "drop" | "add" | "debate"; "anchors" is the controller's own
    std::string name;                 ///< of the source dropped or added; of a filter its least certainty, "0.6"
    std::optional<double> noise;      ///< share of wrong labels
    std::optional<double> noiseUpper; ///< one-sided 95 % bound of it; none: not known
    std::optional<double> kept = {};  ///< share of the labels that is left, where it is not all
    std::string unknown = {};         ///< then: why, one sentence
};

/// What is known when generation i is done and i+1 is to be placed.
struct GapState
{
    int generation = 1;                   ///< i, 1-based
    int generations = 1;                  ///< K
    int rung = 0;                         ///< index of A_i's rung
    std::vector<std::string> rungNames;   ///< for the sentence; may be empty
    std::vector<double> capacities;       ///< of every rung, increasing, in log10 parameters
    std::vector<Attempt> history = {};    ///< in the order in which they were made; empty when a plan is drawn
    std::vector<Forecast> forecasts = {}; ///< of rungs above, by capacity; empty unless asked for
    std::vector<Purchase> purchases = {}; ///< known only once growth was refused, which then is asked about again
    std::optional<Estimate> salience =
        {}; ///< linear probe of A_i's base, share of what it can learn; told, not acted on
    int classes = 2;
    std::uint64_t seed = 1; ///< of the bandit's draws
};

struct Decision
{
    double wanted = 0;                   ///< delta that the controller asked for, in log10 parameters
    double taken = 0;                    ///< capacity of the chosen rung minus that of A_i's
    std::optional<int> rung;             ///< none: the ladder ends here, or the controller refuses to grow
    bool refused = false;                ///< there are rungs, and the controller holds none of them for safe
    bool intermediate = false;           ///< the rung lies below one that was rolled back and would else be taken again
    std::optional<double> predictedGain; ///< of the chosen rung
    std::string sentence;                ///< one English sentence
    std::string detailsJson;             ///< every term as a JSON object
};

/// Whether a generation may stay.
struct Judgement
{
    bool accepted = true;
    std::string sentence; ///< one English sentence; why, if it was rolled back
};

/// Immutable; any thread may ask.
class GapController
{
public:
    virtual ~GapController() = default;
    virtual Decision nextGap(const GapState& state) const = 0;
    /// state.history ends with the attempt to be judged. Controllers without a gate (gate.h) accept everything.
    virtual Judgement judge(const GapState& state) const;
    virtual bool forecasts() const { return false; } ///< needs forecasts
};

/// gap.controller names it (spec checks the name). Without a history a measuring controller places its first gap again
/// and again: good enough for a plan, which says so.
std::unique_ptr<GapController> makeController(const spec::Gap& gap);

/// The rung above `rung` whose capacity is nearest to capacities[rung] + wanted, ties to the smaller; none if rung is
/// the last.
std::optional<int> snapToLadder(const std::vector<double>& capacities, int rung, double wanted);

/// The adaptive controller's trust region as this history alone makes it, and the number of measured steps behind it.
struct OwnRegion
{
    double radius = 0; ///< log10 parameters
    int steps = 0;     ///< attempts whose gain was measured
};
OwnRegion ownRegion(const spec::Gap& gap, const std::vector<Attempt>& history);
/// The same drawn to what other domains learnt: log d = log pool + n / (n + weight) (log own - log pool), the usual
/// shrinkage of a group's mean to the mean of groups. A domain without steps begins where the others ended.
double shrunkRegion(const OwnRegion& own, double pool, double weight);

/// Fraction of the schedule at which the gap from generation i to i+1 of K is read.
double scheduleFraction(int generation, int generations);

} // namespace gradus::controller
