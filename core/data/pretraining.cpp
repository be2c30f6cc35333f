// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/pretraining.h"

#include "base/rng.h"

#include <string>

namespace gradus::data {

PretrainingBatch languageModelBatch(const std::vector<std::vector<std::int32_t>>& windows, std::uint64_t seed,
                                    std::int64_t step, int batch)
{
    PretrainingBatch drawn;
    if (windows.empty() || batch <= 0) return drawn;
    const auto count = static_cast<std::int64_t>(windows.size());
    std::int64_t epoch = -1;
    std::vector<std::int64_t> order;
    for (std::int64_t at = step * batch; at < (step + 1) * batch; ++at) {
        if (at / count != epoch) {
            epoch = at / count;
            order = permutation(count, Rng(seed, "pretraining/" + std::to_string(epoch)));
        }
        const auto& window = windows[static_cast<std::size_t>(order[static_cast<std::size_t>(at % count)])];
        std::vector<std::int32_t> targets(window.begin() + (window.empty() ? 0 : 1), window.end());
        targets.resize(window.size(), -1);
        drawn.inputs.push_back(window);
        drawn.targets.push_back(std::move(targets));
    }
    return drawn;
}

} // namespace gradus::data
