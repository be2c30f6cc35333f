// SPDX-License-Identifier: GPL-3.0-or-later
// How stages, events and axis ticks look wherever Live shows them.
#pragma once

#include "common/tokens.h"

#include <QColor>
#include <QString>

#include <string>

namespace gradus::pages {

QString stageName(int stage); ///< "competence", "risk discovery", "alignment" for 1 to 3
/// Fill of a stage's band, opaque, as it looks on surface: strength 1 for the time line, less behind plots.
QColor stageFill(int stage, const common::Tokens& tokens, double strength);
/// The stage's stronger colour, for hatching.
QColor stageInk(int stage, const common::Tokens& tokens);
/// True for kinds that ask for attention ("alert", "signature.*").
bool isAlert(const std::string& kind);
/// Distance of at most `most` round ticks over span; wall: seconds, rounded to clock units.
double niceStep(double span, int most, bool wall);

} // namespace gradus::pages
