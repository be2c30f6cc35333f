// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/mix_limits.h"

#include "base/text.h"
#include "spec/drawn.h"
#include "spec/mix_notes.h"
#include "spec/source_tables.h"

#include <algorithm>
#include <cmath>

namespace gradus::spec {

namespace {

constexpr double kDust = 1e-9; ///< a share that was set to a limit keeps it

double numberIn(const Node& table, std::string_view key, double otherwise)
{
    const Member* member = table.find(key);
    return member ? member->value.number : otherwise;
}

SourceLimits limitsOf(const Node& source)
{
    return {numberIn(source, kLeastShareKey, 0), numberIn(source, kMostShareKey, 1), numberIn(source, kCostKey, 0)};
}

/// Shares of generation i >= 2; all 0 where no source has a weight.
std::vector<double> sharesOf(const std::vector<SignalSource>& sources, int generation, int generations)
{
    std::vector<double> shares;
    double sum = 0;
    for (const SignalSource& source : sources) {
        shares.push_back(std::clamp(weightAt(source, generation, generations), 0.0, 1.0));
        sum += shares.back();
    }
    for (double& share : shares)
        share = sum > 0 ? share / sum : 0;
    return shares;
}

bool goesByGenerations(const Experiment& experiment)
{
    const std::string& procedure = experiment.experiment.procedure;
    return procedure == "progressive" || procedure == kWeakToStrong;
}

std::string percent(double share)
{
    return numberText(std::round(1000 * share) / 10) + " %";
}

/// "in generation 3", "in generations 2 to 5" or "in 3 of 7 generations".
std::string whereText(const std::vector<int>& at, int generations)
{
    if (at.size() == 1) return "in generation " + std::to_string(at.front());
    if (at.back() - at.front() + 1 == static_cast<int>(at.size()))
        return "in generations " + std::to_string(at.front()) + " to " + std::to_string(at.back());
    return "in " + std::to_string(at.size()) + " of " + std::to_string(std::max(generations - 1, 1)) + " generations";
}

MixViolation shareViolation(const SignalSource& source, std::size_t index, const std::vector<int>& at, double found,
                            double limit, int generations)
{
    const bool below = found < limit;
    return {.source = index,
            .generations = at,
            .found = found,
            .limit = limit,
            .sentence = "\"" + source.name + "\" has " + percent(found) + " of the mix " + whereText(at, generations) +
                        ", " + (below ? "less than its least share of " : "more than its largest share of ") +
                        percent(limit) + "."};
}

} // namespace

Result<std::vector<MixLimits>> mixLimits(const std::string& toml)
{
    const auto root = parseToml(toml);
    if (!root) return root.error();
    const Member* signals = root->find("signals");
    const double budget =
        signals && signals->value.kind == NodeKind::Table ? numberIn(signals->value, kBudgetName, 0) : 0;
    std::vector<MixLimits> all;
    for (const SourceTables& list : sourceTables(*root)) {
        MixLimits limits{.sources = {}, .budget = budget};
        for (const Node& source : list.list->items)
            limits.sources.push_back(limitsOf(source));
        all.push_back(std::move(limits));
    }
    return all;
}

Result<std::string> withSourceLimits(const std::string& toml, std::size_t list, std::size_t source,
                                     const SourceLimits& limits)
{
    const auto shares = {limits.least, limits.most};
    if (!std::all_of(shares.begin(), shares.end(), [](double share) { return share >= 0 && share <= 1; }))
        return badInput("A share is a number from 0 to 1; correct the limit.");
    if (limits.least > limits.most) return badInput("The least share is above the largest one; correct one of them.");
    if (!(limits.cost >= 0 && limits.cost <= kMostCost))
        return badInput("The cost of a label is a number from 0 to " + numberText(kMostCost) + ".");
    std::string text = toml;
    const auto set = [&](std::string_view key, double value, double present) -> Result<void> {
        if (value == present) return {};
        // Parsed anew for each: the key before this one may have moved it.
        const auto root = parseToml(text);
        if (!root) return root.error();
        const auto lists = sourceTables(*root);
        auto edited = withSourceKey(text, lists.at(list).list->items.at(source), key, floatText(value));
        if (!edited) return edited.error();
        text = std::move(*edited);
        return {};
    };
    const auto before = mixLimits(toml);
    if (!before) return before.error();
    if (list >= before->size() || source >= before->at(list).sources.size())
        return badInput("The file's sources are not those that are shown; open the file again.");
    const SourceLimits& present = before->at(list).sources[source];
    if (auto done = set(kLeastShareKey, limits.least, present.least); !done) return done.error();
    if (auto done = set(kMostShareKey, limits.most, present.most); !done) return done.error();
    if (auto done = set(kCostKey, limits.cost, present.cost); !done) return done.error();
    // TOML has more ways to write a table than this file wants to know; whatever slips through is refused, not written.
    const auto after = mixLimits(text);
    if (!after) return after.error();
    if (after->size() != before->size() || after->at(list).sources.at(source) != limits)
        return badInput("The limits of this source cannot be set in this text; write it as a [[signals.source]] table "
                        "with one key in a line.");
    return text;
}

Result<std::string> withBudget(const std::string& toml, double budget)
{
    if (!(budget >= 0 && budget <= kMostBudget))
        return badInput("A budget is a number from 0 (none) to " + numberText(kMostBudget) + ".");
    return editToml(toml, kBudgetKey, floatText(budget));
}

std::optional<std::vector<ExpectedLabels>> expectedLabels(const Experiment& experiment,
                                                          const std::vector<SignalSource>& sources)
{
    if (!goesByGenerations(experiment)) return std::nullopt;
    std::vector<ExpectedLabels> expected(sources.size());
    const int generations = experiment.ladder.generations;
    for (int generation = 2; generation <= generations; ++generation) {
        const int items = atGeneration(experiment, generation).training.labels;
        if (items <= 0) return std::nullopt;
        const auto shares = sharesOf(sources, generation, generations);
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const SignalSource& source = sources[i];
            const double part = source.part.empty() ? 1 : source.part[1] - source.part[0];
            const double speaks = source.kind == "truth" ? source.share : 1;
            if (shares[i] > 0) expected[i].asked += items * part * speaks;
            expected[i].effective += items * shares[i];
        }
    }
    return expected;
}

double costOf(const std::vector<ExpectedLabels>& expected, const MixLimits& limits)
{
    double cost = 0;
    for (std::size_t i = 0; i < std::min(expected.size(), limits.sources.size()); ++i)
        cost += expected[i].asked * limits.sources[i].cost;
    return cost;
}

std::vector<MixViolation> mixViolations(const Experiment& experiment, const std::vector<SignalSource>& sources,
                                        const MixLimits& limits)
{
    std::vector<MixViolation> violations;
    const int generations = experiment.ladder.generations;
    std::vector<std::vector<double>> shares; // of generations from the second on
    for (int generation = 2; generation <= std::max(generations, 2); ++generation)
        shares.push_back(sharesOf(sources, generation, generations));
    for (std::size_t i = 0; i < std::min(sources.size(), limits.sources.size()); ++i) {
        for (const bool below : {true, false}) {
            const double limit = below ? limits.sources[i].least : limits.sources[i].most;
            std::vector<int> at;
            double found = limit;
            for (std::size_t g = 0; g < shares.size(); ++g) {
                const double share = shares[g][i];
                if (below ? share >= limit - kDust : share <= limit + kDust) continue;
                at.push_back(static_cast<int>(g) + 2);
                found = below ? std::min(found, share) : std::max(found, share);
            }
            if (!at.empty()) violations.push_back(shareViolation(sources[i], i, at, found, limit, generations));
        }
    }
    const auto expected = expectedLabels(experiment, sources);
    if (!expected || limits.budget <= 0) return violations;
    const double cost = costOf(*expected, limits);
    if (cost > limits.budget * (1 + kDust))
        violations.push_back({.source = {},
                              .generations = {},
                              .found = cost,
                              .limit = limits.budget,
                              .sentence = "The labels of a run cost " + numberText(std::round(100 * cost) / 100) +
                                          ", more than the budget of " + numberText(limits.budget) + "."});
    return violations;
}

std::optional<int> labelsWithinBudget(const Experiment& experiment, const std::vector<SignalSource>& sources,
                                      const MixLimits& limits)
{
    const auto expected = expectedLabels(experiment, sources);
    if (!expected || limits.budget <= 0 || drawnCurve(experiment, "training.labels")) return std::nullopt;
    const double cost = costOf(*expected, limits);
    if (cost <= 0) return std::nullopt;
    const int fitting = static_cast<int>(std::floor(experiment.training.labels * limits.budget / cost));
    return fitting >= 1 ? std::optional(std::min(fitting, experiment.training.labels)) : std::nullopt;
}

} // namespace gradus::spec
