// SPDX-License-Identifier: GPL-3.0-or-later
// "adaptive": a trust region over the gap, capped by label noise and floored by salience. The region is where the
// supervisor's labels were lately good for what had been predicted of them.
#include "controller/noise_tolerance.h"
#include "controller/placing.h"
#include "controller/purchases.h"
#include "signals/isotonic.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <nlohmann/json.hpp>

namespace gradus::controller {

namespace {

using nlohmann::ordered_json;

constexpr double kShrink = 0.5;
constexpr double kGrow = 1.6;
constexpr double kPoorRatio = 0.25; ///< of actual to predicted gain
constexpr double kGoodRatio = 0.75;
constexpr double kDiverse = 0.8; ///< of A_1's label entropy, below which a gap may not grow

/// Share of labels to flip at random so that their noise rises from `noise` to `upper`: a flip also mends a wrong label
/// now and then.
double flipsBetween(double noise, double upper, int classes)
{
    const double informative = 1 - noise * classes / (classes - 1.0);
    if (upper <= noise) return 0;
    return informative <= 0 ? 1 : std::min(1.0, (upper - noise) / informative);
}

/// Linear between what was measured, never falling, constant beyond its end.
double lossAt(const Forecast& forecast, double flips)
{
    double loss = 0;
    double atBefore = 0;
    double lossBefore = 0;
    for (const auto& [at, measured] : forecast.lossByFlips) {
        const double here = std::max(lossBefore, measured);
        if (flips <= at)
            return at > atBefore ? lossBefore + (here - lossBefore) * (flips - atBefore) / (at - atBefore) : here;
        atBefore = at;
        lossBefore = loss = here;
    }
    return loss;
}

/// One rung above as the decision sees it.
struct Candidate
{
    int rung = 0;
    double gap = 0;
    double gain = 0;                  ///< predicted; never falling with capacity
    double error = 0;                 ///< standard error of the rung's own prediction
    double loss = 0;                  ///< of anchor accuracy, with labels as noisy as the bound allows
    std::optional<double> borne = {}; ///< share of wrong labels that its size was measured to bear
    bool salient = false;             ///< the gain is worth having and more than its error
    bool tolerant = false;            ///< even with such labels the step would not lose
    bool fits() const { return salient && tolerant; }
};

struct Terms
{
    std::vector<Candidate> candidates;
    double noise = 0;
    double noiseUpper = 1;
    double trust = 0;            ///< drawn to the pool where there is one
    OwnRegion own;               ///< before that
    std::optional<double> cap;   ///< largest tolerant gap
    std::optional<double> floor; ///< smallest salient gap
    bool feasible() const { return std::any_of(candidates.begin(), candidates.end(), std::mem_fn(&Candidate::fits)); }
};

class TrustRegion final : public GapController
{
public:
    explicit TrustRegion(const spec::Gap& gap) : m_gap(gap) {}
    bool forecasts() const override { return true; }

    Decision nextGap(const GapState& state) const override
    {
        if (gapBounds(state).second <= 0) // not a wish that found no rung: there is none to wish for
            return stay(state, 0, false, "adaptive", "The ladder ends at rung " + rungName(state, state.rung) + ".",
                        {});
        if (state.history.empty() || state.forecasts.empty())
            return place(state, shrunkRegion({m_gap.value, 0}, m_gap.pool, m_gap.poolWeight), "adaptive",
                         m_gap.pool > 0 ? "where other domains ended" : "to begin with", {});
        const Terms terms = termsFor(state, lastKept(state).noiseUpper);
        if (terms.feasible()) {
            const double wanted = std::max(*terms.floor, std::min(terms.trust, *terms.cap));
            return taken(state, terms, wanted, *nearest(state, terms, wanted));
        }
        const Candidate* trial = terms.floor ? nullptr : worthATrial(terms);
        return trial == nullptr ? refusal(state, terms) : tried(state, terms, *trial);
    }

private:
    static const Attempt& lastKept(const GapState& state)
    {
        const Attempt* last = &state.history.front();
        for (const Attempt& attempt : state.history)
            if (attempt.accepted) last = &attempt;
        return *last;
    }

    /// A larger frozen body does not hold less, so the predictions of all rungs help each other: isotonic in capacity.
    static signals::IsotonicFit gainByCapacity(const GapState& state)
    {
        std::vector<double> gaps;
        std::vector<double> gains;
        for (const Forecast& forecast : state.forecasts) {
            gaps.push_back(gapTo(state, forecast.rung));
            gains.push_back(forecast.gain.value);
        }
        return signals::fitIsotonic(gaps, gains);
    }

    Terms termsFor(const GapState& state, double noiseUpper) const
    {
        Terms terms;
        terms.noise = labelNoise(lastKept(state));
        terms.noiseUpper = noiseUpper;
        terms.own = ownRegion(m_gap, state.history);
        terms.trust = shrunkRegion(terms.own, m_gap.pool, m_gap.poolWeight);
        const double flips = flipsBetween(terms.noise, noiseUpper, state.classes);
        const signals::IsotonicFit gains = gainByCapacity(state);
        const std::vector<int> failed = rolledBack(state);
        for (const Forecast& forecast : state.forecasts) {
            if (std::find(failed.begin(), failed.end(), forecast.rung) != failed.end()) continue;
            Candidate candidate{.rung = forecast.rung, .gap = gapTo(state, forecast.rung)};
            candidate.gain = gains.at(candidate.gap);
            candidate.error = standardError(forecast.gain);
            candidate.loss = lossAt(forecast, flips);
            candidate.salient = candidate.gain >= std::max(m_gap.gainLeast, candidate.error);
            candidate.tolerant = candidate.loss <= std::max(m_gap.noiseLoss, candidate.gain);
            if (!m_gap.tolerance.empty()) { // what was measured on whole students counts before a forecast of heads
                candidate.borne =
                    toleranceAt(m_gap.tolerance, state.capacities[static_cast<std::size_t>(forecast.rung)]);
                candidate.tolerant = noiseUpper <= *candidate.borne;
            }
            if (candidate.salient && !terms.floor) terms.floor = candidate.gap;
            if (candidate.tolerant) terms.cap = candidate.gap;
            terms.candidates.push_back(candidate);
        }
        return terms;
    }

    /// Of what fits (there is something), the nearest; after a roll-back first among what is smaller.
    static const Candidate* nearest(const GapState& state, const Terms& terms, double wanted)
    {
        const int ceiling = lowestRolledBack(state).value_or(std::numeric_limits<int>::max());
        const Candidate* best = nullptr;
        for (const bool below : {true, false}) {
            for (const Candidate& candidate : terms.candidates) {
                if (!candidate.fits() || (below && candidate.rung >= ceiling)) continue;
                if (best == nullptr || std::abs(candidate.gap - wanted) < std::abs(best->gap - wanted))
                    best = &candidate;
            }
            if (best != nullptr) break;
        }
        return best;
    }

    bool mayGain(const Candidate& candidate) const { return candidate.gain + candidate.error >= m_gap.gainLeast; }

    /// Where no gain exceeds its error, the most promising rung that may still gain: a failure is rolled back, so that
    /// a trial costs compute and nothing else. Only a rung that is predicted not to gain is refused.
    const Candidate* worthATrial(const Terms& terms) const
    {
        const Candidate* best = nullptr;
        for (const Candidate& candidate : terms.candidates)
            if (candidate.tolerant && mayGain(candidate) && (best == nullptr || candidate.gain > best->gain))
                best = &candidate;
        return best;
    }

    Decision tried(const GapState& state, const Terms& terms, const Candidate& candidate) const
    {
        Decision decision =
            placeAt(state, candidate.rung, candidate.gap, "adaptive",
                    "Gap " + twoDigits(candidate.gap) +
                        " tried: no rung's predicted gain exceeds its standard error, and rung " +
                        rungName(state, candidate.rung) + " promises most (" + twoDigits(candidate.gain) +
                        " with an error of " + twoDigits(candidate.error) + "); it is rolled back if it loses.",
                    jsonOf(terms));
        decision.predictedGain = candidate.gain;
        return decision;
    }

    ordered_json jsonOf(const Terms& terms) const
    {
        ordered_json json{{"trust", terms.trust},
                          {"cap", terms.cap ? ordered_json(*terms.cap) : ordered_json(nullptr)},
                          {"floor", terms.floor ? ordered_json(*terms.floor) : ordered_json(nullptr)},
                          {"noise", terms.noise},
                          {"noise_upper", terms.noiseUpper},
                          {"gain_least", m_gap.gainLeast},
                          {"noise_loss", m_gap.noiseLoss},
                          {"candidates", ordered_json::array()}};
        if (m_gap.pool > 0) {
            json["own_trust"] = terms.own.radius;
            json["own_steps"] = terms.own.steps;
            json["pool"] = m_gap.pool;
            json["pool_weight"] = m_gap.poolWeight;
        }
        for (const Candidate& candidate : terms.candidates) {
            json["candidates"].push_back({{"rung", candidate.rung},
                                          {"gap", candidate.gap},
                                          {"predicted_gain", candidate.gain},
                                          {"standard_error", candidate.error},
                                          {"loss_at_upper", candidate.loss},
                                          {"salient", candidate.salient},
                                          {"tolerant", candidate.tolerant}});
            if (candidate.borne) json["candidates"].back()["measured_tolerance"] = *candidate.borne;
        }
        return json;
    }

    Decision taken(const GapState& state, const Terms& terms, double wanted, const Candidate& chosen) const
    {
        Decision decision = placeAt(
            state, chosen.rung, wanted, "adaptive",
            "Gap " + twoDigits(chosen.gap) + " taken because the trust region is " + twoDigits(terms.trust) +
                pooledText(terms) + ", the noise cap " + twoDigits(*terms.cap) + " (labels wrong in up to " +
                percentText(terms.noiseUpper) + ") and the salience floor " + twoDigits(*terms.floor) + ": rung " +
                rungName(state, chosen.rung) + ", of which a gain of " + twoDigits(chosen.gain) + " is predicted.",
            jsonOf(terms));
        decision.predictedGain = chosen.gain;
        return decision;
    }

    /// How far the region is this domain's own, where other domains have a say.
    std::string pooledText(const Terms& terms) const
    {
        if (m_gap.pool <= 0) return {};
        return " (its own " + twoDigits(terms.own.radius) + " after " + std::to_string(terms.own.steps) +
               (terms.own.steps == 1 ? " step" : " steps") + ", drawn to the " + twoDigits(m_gap.pool) +
               " of other domains)";
    }

    std::string whyNothingIsSalient(const Terms& terms) const
    {
        if (terms.candidates.empty()) return "every rung above was rolled back";
        double best = -1;
        for (const Candidate& candidate : terms.candidates) {
            if (mayGain(candidate))
                return "what the rungs above may gain would lose to labels wrong in up to " +
                       percentText(terms.noiseUpper);
            best = std::max(best, candidate.gain);
        }
        return "the best rung above promises a gain of " + twoDigits(best) + ", less than " +
               twoDigits(m_gap.gainLeast) + " even with its standard error";
    }

    /// The same rule with labels of another noise: a step that would be taken or tried.
    Outlook outlookAt(const GapState& state, double noiseUpper) const
    {
        const Terms terms = termsFor(state, noiseUpper);
        return {terms.feasible() || (!terms.floor && worthATrial(terms) != nullptr), terms.cap};
    }

    Decision refusal(const GapState& state, const Terms& terms) const
    {
        ordered_json json = jsonOf(terms);
        const Priced price =
            priced(state, lastKept(state), [&](double noiseUpper) { return outlookAt(state, noiseUpper); });
        json["purchases"] = price.purchases;
        json["unlock"] = price.cheapest;
        const std::string why = terms.floor ? "labels wrong in up to " + percentText(terms.noiseUpper) +
                                                  " allow a gap of " + (terms.cap ? twoDigits(*terms.cap) : "0") +
                                                  " and a gain needs " + twoDigits(*terms.floor)
                                            : whyNothingIsSalient(terms);
        return stay(state, terms.trust, true, "adaptive",
                    "Growth is refused at rung " + rungName(state, state.rung) + ": " + why + ". " + price.sentence,
                    json);
    }

    spec::Gap m_gap;
};

} // namespace

/// Replays what happened to the region's radius. Ratios of small noisy gains say little: the region moves only when the
/// ratio is poor, or good, over a whole standard error of the gain.
OwnRegion ownRegion(const spec::Gap& gap, const std::vector<Attempt>& history)
{
    OwnRegion own{gap.value, 0};
    for (const Attempt& attempt : history) {
        if (!attempt.gap || !attempt.gain) continue;
        ++own.steps;
        const double error = standardError(*attempt.gain);
        const double predicted = std::max(attempt.predicted.value_or(0), gap.gainLeast);
        const bool imitates = attempt.imitation && attempt.imitation->value > gap.imitationTarget;
        if (!attempt.accepted || (attempt.gain->value + error) / predicted < kPoorRatio)
            own.radius = kShrink * *attempt.gap;
        else if (imitates)
            own.radius *= kShrink;
        else if (attempt.gain->value - error > 0 && attempt.gain->value / predicted > kGoodRatio &&
                 attempt.diversity.value_or(1) >= kDiverse)
            own.radius *= kGrow;
    }
    return own;
}

double shrunkRegion(const OwnRegion& own, double pool, double weight)
{
    if (pool <= 0 || own.radius <= 0) return own.radius;
    const double share = own.steps / (own.steps + weight);
    return std::exp(std::log(pool) + share * (std::log(own.radius) - std::log(pool)));
}

std::unique_ptr<GapController> makeTrustRegion(const spec::Gap& gap)
{
    return std::make_unique<TrustRegion>(gap);
}

} // namespace gradus::controller
