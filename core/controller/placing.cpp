// SPDX-License-Identifier: GPL-3.0-or-later
#include "controller/placing.h"

#include "evals/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

namespace gradus::controller {

namespace {

using nlohmann::ordered_json;

std::string detailsOf(const GapState& state, const Decision& decision, const std::string& controller,
                      const ordered_json& terms)
{
    ordered_json details{{"controller", controller},
                         {"wanted", decision.wanted},
                         {"taken", decision.taken},
                         {"capacity_from", capacityOf(state, state.rung)},
                         {"rung", decision.rung ? ordered_json(*decision.rung) : ordered_json(nullptr)},
                         {"generation", state.generation},
                         {"generations", state.generations},
                         {"refused", decision.refused}};
    if (const std::vector<int> failed = rolledBack(state); !failed.empty()) {
        details["rolled_back"] = failed;
        details["intermediate"] = decision.intermediate;
    }
    if (const auto& probe = state.salience)
        details["salience_probe"] = {
            {"value", probe->value}, {"low", probe->low}, {"high", probe->high}, {"n", probe->n}};
    if (terms.is_object()) details.update(terms);
    return details.dump();
}

} // namespace

std::string twoDigits(double value)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

std::string percentText(double share)
{
    return std::to_string(std::lround(share * 100)) + " %";
}

std::string rungName(const GapState& state, int rung)
{
    const auto index = static_cast<std::size_t>(rung);
    return index < state.rungNames.size() ? state.rungNames[index] : "no. " + std::to_string(rung + 1);
}

double standardError(const Estimate& estimate)
{
    return (estimate.high - estimate.low) / (2 * evals::normalQuantile(0.975));
}

double capacityOf(const GapState& state, int rung)
{
    return state.capacities[static_cast<std::size_t>(rung)];
}

double gapTo(const GapState& state, int rung)
{
    return capacityOf(state, rung) - capacityOf(state, state.rung);
}

std::pair<double, double> gapBounds(const GapState& state)
{
    const int last = static_cast<int>(state.capacities.size()) - 1;
    if (state.rung >= last) return {0, 0};
    return {gapTo(state, state.rung + 1), gapTo(state, last)};
}

std::vector<int> rolledBack(const GapState& state)
{
    std::vector<int> rungs;
    for (const Attempt& attempt : state.history)
        if (attempt.generation == state.generation + 1 && !attempt.accepted) rungs.push_back(attempt.rung);
    return rungs;
}

std::optional<int> lowestRolledBack(const GapState& state)
{
    const std::vector<int> failed = rolledBack(state);
    return failed.empty() ? std::nullopt : std::optional(*std::min_element(failed.begin(), failed.end()));
}

Decision placeAt(const GapState& state, int rung, double wanted, const std::string& controller, std::string sentence,
                 const ordered_json& terms)
{
    Decision decision;
    decision.wanted = wanted;
    decision.rung = rung;
    decision.taken = gapTo(state, rung);
    decision.sentence = std::move(sentence);
    decision.detailsJson = detailsOf(state, decision, controller, terms);
    return decision;
}

Decision stay(const GapState& state, double wanted, bool refused, const std::string& controller, std::string sentence,
              const ordered_json& terms)
{
    Decision decision;
    decision.wanted = wanted;
    decision.refused = refused;
    decision.sentence = std::move(sentence);
    decision.detailsJson = detailsOf(state, decision, controller, terms);
    return decision;
}

namespace {

/// A rung that failed its gate is not tried again, and nothing above it: the largest one below all that failed is.
Decision placeBelow(const GapState& state, int failed, double wanted, const std::string& controller,
                    const std::string& origin, const ordered_json& terms)
{
    const std::string wish = "a gap of " + twoDigits(wanted) + " (" + origin + ")";
    if (failed - 1 <= state.rung)
        return stay(state, wanted, false, controller,
                    "No rung is left between " + rungName(state, state.rung) + " and " + rungName(state, failed) +
                        ", which failed its gate; " + wish + " has no rung to go to, and the ladder ends here.",
                    terms);
    Decision decision;
    decision.intermediate = true;
    decision.wanted = wanted;
    decision.rung = failed - 1;
    decision.taken = gapTo(state, *decision.rung);
    decision.sentence = "Gap " + twoDigits(decision.taken) + " taken instead of " + wish + ": rung " +
                        rungName(state, *decision.rung) + " is the largest below " + rungName(state, failed) +
                        ", which failed its gate.";
    decision.detailsJson = detailsOf(state, decision, controller, terms);
    return decision;
}

} // namespace

Decision place(const GapState& state, double wanted, const std::string& controller, const std::string& origin,
               const ordered_json& terms)
{
    const auto rung = snapToLadder(state.capacities, state.rung, wanted);
    if (const auto failed = lowestRolledBack(state); rung && failed && *rung >= *failed)
        return placeBelow(state, *failed, wanted, controller, origin, terms);
    if (!rung)
        return stay(state, wanted, false, controller,
                    "The ladder ends at rung " + rungName(state, state.rung) + "; a gap of " + twoDigits(wanted) +
                        " (" + origin + ") has no rung to go to.",
                    terms);
    return placeAt(state, *rung, wanted, controller,
                   "Gap " + twoDigits(gapTo(state, *rung)) + " taken (" + twoDigits(wanted) + " " + origin +
                       "): rung " + rungName(state, *rung) + " is the nearest above " + rungName(state, state.rung) +
                       ".",
                   terms);
}

} // namespace gradus::controller
