// SPDX-License-Identifier: GPL-3.0-or-later
// A moment of the run that Live shows, in words: values, gap and mix in force, the controller's and the event's
// sentence.
#pragma once

#include "pages/shared/legend_row.h"
#include "pages/shared/moment_popover.h"
#include "spec/signal_source.h"
#include "viewmodels/live_run.h"

#include <QVector>

#include <vector>

namespace gradus::pages {

/// values: of the card that was clicked. event: its sentence, empty where a curve was clicked.
Moment momentOf(const viewmodels::LiveRun& run, const std::vector<spec::SignalSource>& sources, double step,
                const QVector<LegendEntry>& values, const QString& event);

} // namespace gradus::pages
