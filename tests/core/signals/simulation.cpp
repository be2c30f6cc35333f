// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulation.h"

#include "base/rng.h"

#include <algorithm>

namespace gradus::signals::tests {

namespace {

Simulation start(std::uint64_t seed, std::size_t items, std::size_t anchors, int classes)
{
    Simulation simulation;
    simulation.table.classes = classes;
    simulation.table.items = items;
    Rng rng(seed, "truth");
    for (std::size_t i = 0; i < items; ++i)
        simulation.truth.push_back(static_cast<int>(rng.below(static_cast<std::uint64_t>(classes))));
    const auto order = permutation(static_cast<std::int64_t>(items), Rng(seed, "anchors"));
    for (std::size_t a = 0; a < anchors; ++a) {
        const auto item = static_cast<std::size_t>(order[a]);
        simulation.anchors.items.push_back(item);
        simulation.anchors.truth.push_back(simulation.truth[item]);
    }
    return simulation;
}

int wrong(int truth, int classes, Rng& rng)
{
    const int other = static_cast<int>(rng.below(static_cast<std::uint64_t>(classes - 1)));
    return other + (other >= truth ? 1 : 0);
}

} // namespace

Simulation cliqueAmongIndependents(std::uint64_t seed, std::size_t items, std::size_t anchors, int weak,
                                   double weakAccuracy, double shared, int strong, double strongAccuracy)
{
    Simulation simulation = start(seed, items, anchors, 2);
    Rng rng(seed, "errors");
    for (int j = 0; j < weak; ++j)
        simulation.table.sources.push_back({"weak " + std::to_string(j), {}, {}, 1, {}});
    for (int j = 0; j < strong; ++j)
        simulation.table.sources.push_back({"strong " + std::to_string(j), {}, {}, 1, {}});
    for (std::size_t i = 0; i < items; ++i) {
        const bool together = rng.uniform() >= weakAccuracy;
        for (int j = 0; j < weak + strong; ++j) {
            bool errs = rng.uniform() >= (j < weak ? weakAccuracy : strongAccuracy);
            if (j < weak && rng.uniform() < shared) errs = together;
            simulation.table.sources[static_cast<std::size_t>(j)].labels.push_back(errs ? 1 - simulation.truth[i]
                                                                                        : simulation.truth[i]);
        }
    }
    return simulation;
}

Simulation independentSources(std::uint64_t seed, std::size_t items, std::size_t anchors, int classes,
                              const std::vector<double>& accuracies)
{
    Simulation simulation = start(seed, items, anchors, classes);
    Rng rng(seed, "errors");
    for (std::size_t j = 0; j < accuracies.size(); ++j) {
        SourceVotes source{"source " + std::to_string(j), {}, {}, 1, {}};
        for (const int truth : simulation.truth)
            source.labels.push_back(rng.uniform() < accuracies[j] ? truth : wrong(truth, classes, rng));
        simulation.table.sources.push_back(std::move(source));
    }
    return simulation;
}

Simulation randomTable(std::uint64_t seed)
{
    Rng rng(seed, "random table");
    const int classes = 2 + static_cast<int>(rng.below(4));
    const std::size_t items = 5 + rng.below(60);
    std::vector<double> accuracies(1 + rng.below(6));
    for (double& accuracy : accuracies)
        accuracy = rng.uniform();
    const std::size_t anchors = rng.below(3) == 0 ? 0 : rng.below(items);
    Simulation simulation = independentSources(seed, items, anchors, classes, accuracies);
    for (SourceVotes& source : simulation.table.sources) {
        source.weight = rng.below(4) == 0 ? 0.3 + 0.7 * rng.uniform() : 1;
        for (std::size_t i = 1; i < items; ++i) // the first label stays: nobody abstains everywhere
            if (rng.below(5) == 0) source.labels[i] = kAbstain;
        if (rng.below(3) != 0) continue;
        for (std::size_t i = 0; i < items; ++i) {
            std::vector<double> row(static_cast<std::size_t>(classes));
            double sum = 0;
            for (double& p : row)
                sum += p = rng.below(6) == 0 ? 1e-9 : rng.uniform();
            for (const double p : row)
                source.probabilities.push_back(static_cast<float>(p / sum));
        }
    }
    return simulation;
}

VoteTable withAddedCopies(const VoteTable& table, std::size_t j, int added)
{
    VoteTable cloned = table;
    for (int copy = 1; copy <= added; ++copy) {
        cloned.sources.push_back(table.sources[j]);
        // Names on both sides of the original's, so that an order by name cannot hide a dependence on it.
        cloned.sources.back().name = (copy % 2 ? "a copy " : "z copy ") + std::to_string(copy);
    }
    return cloned;
}

double shareRight(const std::vector<int>& labels, const std::vector<int>& truth)
{
    return 1 - static_cast<double>(differing(labels, truth)) / static_cast<double>(truth.size());
}

std::size_t differing(const std::vector<int>& a, const std::vector<int>& b)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        count += a[i] != b[i] ? 1 : 0;
    return count;
}

} // namespace gradus::signals::tests
