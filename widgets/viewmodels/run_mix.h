// SPDX-License-Identifier: GPL-3.0-or-later
// The mix of a run that is there: each source's share as it was drawn, and as its votes in the store make it. Pure.
#pragma once

#include "spec/signal_source.h"
#include "viewmodels/live_run.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gradus::viewmodels {

/// A drawn share and the actual one further apart than this are told.
inline constexpr double kMixTolerance = 0.02;

/// Sources of a mix; fewer than two are none. Parses the frozen experiment; keep it per run.
std::vector<spec::SignalSource> mixSources(const std::string& specToml);

/// Shares of one generation, in the order of the sources; they sum to 1.
struct MixShares
{
    std::vector<double> drawn;                 ///< gamma_j over the sum of gammas
    std::optional<std::vector<double>> actual; ///< gamma_j times its votes, likewise; none while nobody has voted
};
/// Nothing where every source has weight 0.
std::optional<MixShares> mixSharesOf(const LiveRun& run, const std::vector<spec::SignalSource>& sources,
                                     int generation);

/// The source whose actual share is farthest from the drawn one, the first of several; none where all are within the
/// tolerance, or nobody has voted.
std::optional<std::size_t> farthestShare(const MixShares& shares);

} // namespace gradus::viewmodels
