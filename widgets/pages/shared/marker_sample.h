// SPDX-License-Identifier: GPL-3.0-or-later
// A piece of a series' line with its band and marker, for legends and tables.
#pragma once

#include "common/tokens.h"

class QPainter;
class QRectF;

namespace gradus::pages {

/// style: place in the cycle; from the ninth on the marker is hollow.
void paintSample(QPainter& painter, const QRectF& box, const common::Tokens& tokens, int style);
/// The marker alone, centred.
void paintStyleMarker(QPainter& painter, const QRectF& box, const common::Tokens& tokens, int style);

} // namespace gradus::pages
