// SPDX-License-Identifier: GPL-3.0-or-later
// A point of a card of Compare's Charts in words, and the runs whose transcripts belong to it.
#pragma once

#include "pages/shared/moment_popover.h"
#include "viewmodels/compare_curves.h"

#include <QPointF>
#include <QStringList>

namespace gradus::pages {

/// at: in the card's coordinates. names: of the groups. The runs are those of the group whose curve is nearest to it,
/// the one nearest first; each with the generation that it was in there.
Moment momentOf(const viewmodels::ComparedData& data, const viewmodels::CurveOptions& options,
                const viewmodels::SeriesCurves& curves, const QStringList& names, const QPointF& at);

} // namespace gradus::pages
