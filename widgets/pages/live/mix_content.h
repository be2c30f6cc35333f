// SPDX-License-Identifier: GPL-3.0-or-later
// What the mix card of Live draws and says of the shares that viewmodels/run_mix.h works out.
#pragma once

#include "plot/time_plot.h"
#include "spec/signal_source.h"
#include "viewmodels/live_run.h"
#include "viewmodels/time_window.h"

#include <QString>
#include <QVector>

#include <vector>

namespace gradus::pages {

/// Per source one line of what was drawn (dotted) and one of what was voted, a step a generation.
QVector<plot::Series> mixSeriesOf(const viewmodels::LiveRun& run, viewmodels::XAxis axis,
                                  const std::vector<spec::SignalSource>& sources);

/// Of the generation at that step: which source is farthest from what was drawn, or that none is beyond the tolerance.
QString mixSentence(const viewmodels::LiveRun& run, const std::vector<spec::SignalSource>& sources, double step);

} // namespace gradus::pages
