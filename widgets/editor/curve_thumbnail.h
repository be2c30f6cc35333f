// SPDX-License-Identifier: GPL-3.0-or-later
// A curve as a small picture, drawn by the evaluator: in the grids of easings and presets.
#pragma once

#include "schedule/presets.h"

#include <QPixmap>

namespace gradus::editor {

/// range: the values at the picture's bottom and top margin; a curve that leaves it leaves the margin too, and one of a
/// level range stands in the middle. The curve must be valid.
QPixmap curveThumbnail(const schedule::Curve& curve, const schedule::Extent& range, const QSize& size,
                       const QColor& colour, qreal pixelRatio);

} // namespace gradus::editor
