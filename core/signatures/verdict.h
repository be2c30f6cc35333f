// SPDX-License-Identifier: GPL-3.0-or-later
// What a detector of failed supervision says: a named figure with its interval, whether it fired, and why in words.
#pragma once

#include "base/interval.h"

#include <string>

namespace gradus::signatures {

/// Detectors are pure: the same input gives the same verdict, and no input makes them throw or say NaN. Input without
/// an answer (empty lists, unequal lengths, too few items) gives fired = false, value.n = 0 and a sentence that says
/// why.
struct Verdict
{
    std::string kind; ///< "signature.imitation_cascade" and so on: the kind of event it becomes
    bool fired = false;
    std::string statistic;   ///< what value is: "excess imitation beyond undirected error"
    Estimate value;          ///< with its 95 % interval; n = 0 when there is no figure
    double threshold = 0;    ///< the bound that value is held against, in value's units
    std::string sentence;    ///< one sentence, fired or not, with the figures and what to look at or do
    std::string detailsJson; ///< every term as a JSON object; figures that do not exist are null

    bool hasFigure() const { return value.n > 0; }
};

} // namespace gradus::signatures
