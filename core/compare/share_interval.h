// SPDX-License-Identifier: GPL-3.0-or-later
// Intervals of shares: the t interval knows nothing of where a share ends. Pure.
#pragma once

#include "base/interval.h"

#include <algorithm>

namespace gradus::compare {

/// Cut at 0 and 1, but never past its own value.
inline Estimate withinShare(Estimate value)
{
    value.low = std::min(std::max(value.low, 0.0), value.value);
    value.high = std::max(std::min(value.high, 1.0), value.value);
    return value;
}

} // namespace gradus::compare
