// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/policy.h"

#include "pipeline/supervision.h"

#include <cmath>

namespace gradus::pipeline {

Result<std::vector<float>> actionProbabilities(const Policy& policy, const std::vector<data::Item>& items)
{
    data::ItemSet set;
    set.items = items;
    return policy.model.predict(policy.context.ladder.read(policy.rung, set).items);
}

Result<std::vector<int>> act(const Policy& policy, const std::vector<data::Item>& items, Rng& rng)
{
    const auto rows = actionProbabilities(policy, items);
    if (!rows) return rows.error();
    const auto width = static_cast<std::size_t>(actionsOf(policy.context.task));
    const double sharpness = 1 / policy.context.spec.experiment.conformity.temperature;
    std::vector<int> actions;
    std::vector<double> weights(width);
    for (std::size_t i = 0; i < items.size(); ++i) {
        double sum = 0;
        for (std::size_t k = 0; k < width; ++k)
            sum += weights[k] = std::pow(static_cast<double>((*rows)[i * width + k]), sharpness);
        double left = rng.uniform() * sum;
        std::size_t action = 0;
        while (action + 1 < width && left >= weights[action])
            left -= weights[action++];
        actions.push_back(static_cast<int>(action));
    }
    return actions;
}

} // namespace gradus::pipeline
