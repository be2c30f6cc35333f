// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/numbers.h"

#include <cmath>

namespace gradus::engine {

Result<void> checkNumbers(std::span<const float> values)
{
    // A sum is none as soon as one value is; it is read several times faster than each value is asked.
    float sums[8] = {};
    std::size_t i = 0;
    for (; i + 8 <= values.size(); i += 8)
        for (std::size_t lane = 0; lane < 8; ++lane)
            sums[lane] += values[i + lane] * 0.0F;
    for (; i < values.size(); ++i)
        sums[0] += values[i] * 0.0F;
    float sum = 0;
    for (const float lane : sums)
        sum += lane;
    if (!std::isnan(sum)) return {};
    return failed(
        "What the model says is not a number: its weights are damaged, or it diverged while it was tuned. Take "
        "an earlier checkpoint, or tune it again at a lower rate.");
}

} // namespace gradus::engine
