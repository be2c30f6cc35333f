// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/run_mix.h"

#include "spec/experiment.h"
#include "spec/stored.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus::viewmodels {

namespace {

/// Makes them sum to 1; false where they are all 0.
bool normalise(std::vector<double>& shares)
{
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    if (!(sum > 0)) return false;
    for (double& share : shares)
        share /= sum;
    return true;
}

std::int64_t votesOf(const LiveRun& run, const std::string& source, int generation)
{
    const auto found = std::find_if(run.votes().begin(), run.votes().end(), [&](const store::VoteCount& count) {
        return count.generation == generation && count.source == source;
    });
    return found == run.votes().end() ? 0 : found->said;
}

} // namespace

std::vector<spec::SignalSource> mixSources(const std::string& specToml)
{
    const Result<spec::Experiment> experiment = spec::parseStored(specToml, "run");
    if (!experiment || experiment->signals.sources.size() < 2) return {};
    return experiment->signals.sources;
}

std::optional<MixShares> mixSharesOf(const LiveRun& run, const std::vector<spec::SignalSource>& sources, int generation)
{
    MixShares shares;
    std::vector<double> voted;
    const int generations = std::max(run.hasRun() ? run.detail().run.generations : 1, 1);
    for (const spec::SignalSource& source : sources) {
        const double weight = std::clamp(spec::weightAt(source, generation, generations), 0.0, 1.0);
        shares.drawn.push_back(weight);
        voted.push_back(weight * static_cast<double>(votesOf(run, source.name, generation)));
    }
    if (!normalise(shares.drawn)) return std::nullopt;
    if (normalise(voted)) shares.actual = std::move(voted);
    return shares;
}

std::optional<std::size_t> farthestShare(const MixShares& shares)
{
    if (!shares.actual || shares.actual->size() != shares.drawn.size() || shares.drawn.empty()) return std::nullopt;
    std::size_t farthest = 0;
    const auto apart = [&](std::size_t j) { return std::abs((*shares.actual)[j] - shares.drawn[j]); };
    for (std::size_t j = 1; j < shares.drawn.size(); ++j)
        if (apart(j) > apart(farthest)) farthest = j;
    if (apart(farthest) <= kMixTolerance) return std::nullopt;
    return farthest;
}

} // namespace gradus::viewmodels
