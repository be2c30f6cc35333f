// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/anchor_labels.h"

#include "pipeline/run_items.h"
#include "signals/cross_fit.h"

namespace gradus::pipeline {

std::vector<double> pooledOnAnchors(const StageContext& context, const Panel& panel)
{
    const auto method = signals::aggregateOf(context.spec.experiment.signals.aggregate);
    return signals::posteriorsOnAnchors(method.value(), panel.table, panel.pooled, panel.anchors);
}

Result<AnchorLabels> labelsOnAnchors(const StageContext& context, const Supervisor& supervisor)
{
    const data::ItemSet anchors = anchorsOf(context);
    if (anchors.items.empty()) return AnchorLabels{};
    auto labels = supervisor.label(anchors);
    if (!labels) return labels.error();
    const bool pooled = labels->panel && !labels->panel->table.sources.empty() && !labels->panel->anchors.items.empty();
    if (!pooled) return AnchorLabels{truthOf(anchors), labels->opinions};
    const auto rows = pooledOnAnchors(context, *labels->panel);
    const int classes = labels->panel->table.classes;
    return AnchorLabels{truthOf(anchors), opinionsFrom({rows.begin(), rows.end()}, classes, classes)};
}

std::vector<double> labelConfusion(const AnchorLabels& anchors, int classes, bool soft)
{
    const auto k = static_cast<std::size_t>(classes);
    std::vector<double> confusion(k * k, 1.0 / static_cast<double>(k));
    std::vector<double> seen(k, 1.0);
    for (std::size_t a = 0; a < anchors.truth.size(); ++a) {
        if (anchors.opinions.labels[a] < 0) continue;
        const auto truth = static_cast<std::size_t>(anchors.truth[a]);
        seen[truth] += 1;
        for (std::size_t label = 0; label < k; ++label)
            confusion[truth * k + label] += soft ? anchors.opinions.probabilities[a * k + label]
                                                 : (anchors.opinions.labels[a] == static_cast<int>(label) ? 1.0 : 0.0);
    }
    for (std::size_t truth = 0; truth < k; ++truth)
        for (std::size_t label = 0; label < k; ++label)
            confusion[truth * k + label] /= seen[truth];
    return confusion;
}

} // namespace gradus::pipeline
