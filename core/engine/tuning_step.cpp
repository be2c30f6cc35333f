// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tuning_step_impl.h"

#include <algorithm>

namespace gradus::engine {

StepGradient gradientOf(const Objective& objective, const Batch& whole, std::size_t pass, WeightUpdate& update)
{
    StepGradient made;
    double weight = 0;
    for (const std::int64_t index : whole)
        weight += objective.weight(index);
    for (std::size_t begin = 0; begin < whole.size(); begin += pass) {
        const auto end = std::min(begin + pass, whole.size());
        const Objective::Loss loss = objective.loss(
            {whole.begin() + static_cast<std::ptrdiff_t>(begin), whole.begin() + static_cast<std::ptrdiff_t>(end)});
        const at::Tensor mean = loss.sum.div(weight);
        mean.backward();
        update.gather(end == whole.size());
        made.loss += mean.item<double>();
        made.realTokens += loss.realTokens;
    }
    made.norm = update.norm();
    return made;
}

} // namespace gradus::engine
