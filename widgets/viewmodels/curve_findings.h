// SPDX-License-Identifier: GPL-3.0-or-later
// What is worth saying of a drawn curve before anything runs: keys that nothing reads, a source that is never heard.
#pragma once

#include "viewmodels/curve_track.h"

#include <QString>

#include <optional>
#include <vector>

namespace gradus::viewmodels {

/// A sentence, the keys that it is about, and the curve that would mend it.
struct CurveFinding
{
    QString sentence;
    KeyIndices keys;
    QString fixText; ///< of a button, and of the undo step; empty: mended is not to be used
    schedule::Curve mended;
};

/// Keys of which nothing is left at the places where generations read the curve (increasing, at least one): whatever
/// their value is, every generation takes the same. The run's ends are none of them; they hold the curve.
std::optional<CurveFinding> unreadKeys(const CurveTrack& track, const std::vector<double>& places);

/// A source that has a weight at first and none from some generation on; places as above, of generation 2 and later.
std::optional<CurveFinding> starvedSource(const CurveTrack& track, const std::vector<double>& places);

} // namespace gradus::viewmodels
