// SPDX-License-Identifier: GPL-3.0-or-later
// A curve of an experiment's text by where it stands: a key that may be drawn, or a source's weight.
#pragma once

#include "spec/experiment.h"

#include <string>

namespace gradus::spec {

struct CurvePlace
{
    std::string key;    ///< "gap.curve", "training.learning_rate"; empty: a source's weight
    std::string source; ///< its name in [signals]
};

/// The curve there; of a number that is given once, a curve of one key. Bad input: a text that does not parse, a key
/// that is no curve and no number that may be drawn, a source that is not there.
Result<schedule::Curve> curveAt(const std::string& toml, const CurvePlace& place, const std::string& file);
/// The text with this curve there; every other byte stays. Bad input: as above, or a curve that the experiment does not
/// take, with the reason.
Result<std::string> withCurveAt(const std::string& toml, const CurvePlace& place, const schedule::Curve& curve,
                                const std::string& file);

} // namespace gradus::spec
