// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/label_offers.h"

#include "base/text.h"
#include "evals/statistics.h"
#include "pipeline/anchor_labels.h"
#include "pipeline/run_items.h"

#include <algorithm>

namespace gradus::pipeline {

namespace {

using controller::Purchase;

constexpr double kLeastCertainty = 0.6; ///< of a label that a filter keeps
constexpr double kLeastKept = 0.5;      ///< a filter that drops more leaves the easy items alone

/// What the supervisor says of the anchors, N x K, with no anchor known to what judges it.
Result<std::vector<double>> onAnchors(const StageContext& context, const Supervisor& supervisor,
                                      const data::ItemSet& anchors)
{
    if (context.spec.experiment.signals.sources.empty()) {
        const auto labels = supervisor.label(anchors);
        if (!labels) return labels.error();
        const auto& own = labels->opinions.probabilities;
        return std::vector<double>(own.begin(), own.end());
    }
    const auto labels = supervisor.label(data::ItemSet{}); // a pool asks the anchors in any case
    if (!labels) return labels.error();
    const Panel& panel = *labels->panel;
    if (panel.table.sources.empty()) return std::vector<double>{};
    return pooledOnAnchors(context, panel);
}

Purchase filtered(const std::vector<double>& rows, const std::vector<int>& truth, std::size_t classes)
{
    Purchase purchase{.kind = "filter", .name = fixedText(kLeastCertainty, 1), .noise = {}, .noiseUpper = {}};
    if (rows.empty()) {
        purchase.unknown = "No source says anything of the anchors, so that nothing can be filtered.";
        return purchase;
    }
    long long kept = 0;
    long long wrong = 0;
    for (std::size_t a = 0; a < truth.size(); ++a) {
        const auto row = rows.begin() + static_cast<std::ptrdiff_t>(a * classes);
        const auto best = std::max_element(row, row + static_cast<std::ptrdiff_t>(classes));
        if (*best < kLeastCertainty) continue;
        ++kept;
        wrong += best - row != truth[a] ? 1 : 0;
    }
    purchase.kept = static_cast<double>(kept) / static_cast<double>(truth.size());
    if (*purchase.kept < kLeastKept) {
        purchase.unknown = "Fewer than half of the labels are at least " + purchase.name +
                           " sure, and a filter would leave the easy items.";
        return purchase;
    }
    purchase.noise = static_cast<double>(wrong) / static_cast<double>(kept);
    purchase.noiseUpper = evals::proportionUpper(wrong, kept);
    return purchase;
}

Purchase debated(const std::optional<Estimate>& debate)
{
    Purchase purchase{.kind = "debate", .name = {}, .noise = {}, .noiseUpper = {}};
    if (debate) {
        purchase.noise = 1 - debate->value;
        purchase.noiseUpper = 1 - debate->low;
    } else {
        purchase.unknown = "What judges of debates get right on this task is unknown: this store has no debate on it.";
    }
    return purchase;
}

} // namespace

Result<std::vector<Purchase>> labelOffers(const StageContext& context, SignalDesk& desk, int generation,
                                          const std::vector<Ancestor>& ancestors, const std::optional<Estimate>& debate)
{
    const data::ItemSet anchors = anchorsOf(context);
    const auto supervisor = desk.supervisorOf(generation, ancestors);
    if (!supervisor) return supervisor.error();
    const auto rows = onAnchors(context, **supervisor, anchors);
    if (!rows) return rows.error();
    std::vector<Purchase> offers{filtered(*rows, truthOf(anchors), static_cast<std::size_t>(context.task.classes()))};
    auto others = desk.otherPanels(generation, ancestors);
    if (!others) return others.error();
    offers.insert(offers.end(), others->begin(), others->end());
    offers.push_back(debated(debate));
    return offers;
}

} // namespace gradus::pipeline
