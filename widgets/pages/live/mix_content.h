// SPDX-License-Identifier: GPL-3.0-or-later
// What the mix card of Live draws: each source's share as it was drawn, and as its votes in the store make it.
#pragma once

#include "plot/time_plot.h"
#include "spec/signal_source.h"
#include "viewmodels/live_run.h"
#include "viewmodels/time_window.h"

#include <QString>
#include <QVector>

#include <optional>
#include <string>
#include <vector>

namespace gradus::pages {

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
std::optional<MixShares> mixSharesOf(const viewmodels::LiveRun& run, const std::vector<spec::SignalSource>& sources,
                                     int generation);

/// Per source one line of what was drawn (dotted) and one of what was voted, a step a generation.
QVector<plot::Series> mixSeriesOf(const viewmodels::LiveRun& run, viewmodels::XAxis axis,
                                  const std::vector<spec::SignalSource>& sources);

/// Of the generation at that step: which source is farthest from what was drawn, or that none is beyond the tolerance.
QString mixSentence(const viewmodels::LiveRun& run, const std::vector<spec::SignalSource>& sources, double step);

} // namespace gradus::pages
