// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/supervisor.h"

namespace gradus::pipeline {

signals::MixNoise noiseOf(const StageContext& context, const Panel& panel)
{
    const auto method = signals::aggregateOf(context.spec.experiment.signals.aggregate);
    return signals::mixNoise(method.value(), panel.table, panel.pooled, panel.anchors,
                             context.seedFor("signals/noise"));
}

Result<Labels> labelsOf(const Supervisor& supervisor, data::ItemSet& pool, int generation)
{
    auto labels = supervisor.label(pool);
    if (!labels) return labels.error();
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < pool.items.size(); ++i)
        if (labels->opinions.labels[i] != signals::kAbstain) kept.push_back(i);
    if (kept.empty())
        return badInput("No source says anything about an item of generation " + std::to_string(generation) +
                        "; add a source that does, or labels to its file.");
    if (kept.size() == pool.items.size()) return labels;
    labels->opinions = chosen(labels->opinions, kept);
    pool = chosen(pool, kept);
    return labels;
}

Result<Labels> Predecessor::label(const data::ItemSet& set) const
{
    auto opinions =
        opinionsOf(*m_ancestor.model, m_context.ladder.read(m_ancestor.rung, set).items, m_context.task.classes());
    if (!opinions) return opinions.error();
    return Labels{.opinions = std::move(*opinions), .panel = {}};
}

} // namespace gradus::pipeline
