// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/anchor_labels.h"

#include "pipeline/run_items.h"
#include "signals/cross_fit.h"

#include <utility>

namespace gradus::pipeline {

namespace {

/// The pool's opinions on anchors: the anchored pool's by fits that did not see them.
Opinions pooledOnAnchors(const StageContext& context, const Panel& panel)
{
    const auto classes = static_cast<std::size_t>(panel.table.classes);
    std::vector<float> rows;
    if (context.spec.experiment.signals.aggregate == "anchored-pool") {
        const signals::AnchorTable small = signals::onlyAnchors(panel.table, panel.anchors);
        const auto posteriors = signals::heldOutPosteriors(small, signals::activeSources(small.table));
        rows.assign(posteriors.begin(), posteriors.end());
    } else {
        for (const std::size_t item : panel.anchors.items) {
            const auto row = panel.pooled.posterior.begin() + static_cast<std::ptrdiff_t>(item * classes);
            rows.insert(rows.end(), row, row + static_cast<std::ptrdiff_t>(classes));
        }
    }
    return opinionsFrom(std::move(rows), panel.table.classes, panel.table.classes);
}

} // namespace

Result<AnchorLabels> labelsOnAnchors(const StageContext& context, const Supervisor& supervisor)
{
    const data::ItemSet anchors = anchorsOf(context);
    if (anchors.items.empty()) return AnchorLabels{};
    auto labels = supervisor.label(anchors);
    if (!labels) return labels.error();
    const bool pooled = labels->panel && !labels->panel->anchors.items.empty();
    return AnchorLabels{truthOf(anchors), pooled ? pooledOnAnchors(context, *labels->panel) : labels->opinions};
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
