// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/aggregate.h"

#include "signals/anchored_pool.h"
#include "signals/dawid_skene.h"
#include "signals/glad.h"
#include "signals/label_model.h"
#include "signals/majority.h"

#include <algorithm>

namespace gradus::signals {

namespace {

Pooled pool(Aggregate method, const VoteTable& table, const Anchors& anchors)
{
    switch (method) {
    case Aggregate::Majority:
        return poolByMajority(table);
    case Aggregate::Weighted:
        return poolByAccuracy(table, anchors);
    case Aggregate::DawidSkene:
        return poolByDawidSkene(table);
    case Aggregate::Glad:
        return poolByGlad(table);
    case Aggregate::Snorkel:
        return poolByLabelModel(table, anchors);
    case Aggregate::AnchoredPool:
        return poolAnchored(table, anchors);
    }
    return {};
}

} // namespace

std::optional<Aggregate> aggregateOf(const std::string& name)
{
    if (name == "majority") return Aggregate::Majority;
    if (name == "weighted") return Aggregate::Weighted;
    if (name == "dawid-skene") return Aggregate::DawidSkene;
    if (name == "glad") return Aggregate::Glad;
    if (name == "snorkel") return Aggregate::Snorkel;
    if (name == "anchored-pool") return Aggregate::AnchoredPool;
    return std::nullopt;
}

Result<Pooled> aggregate(Aggregate method, const VoteTable& table, const Anchors& anchors)
{
    if (auto sound = checkVotes(table, anchors); !sound) return sound.error();
    std::vector<std::size_t> order;
    for (std::size_t j = 0; j < table.sources.size(); ++j)
        if (table.sources[j].weight > 0) order.push_back(j);
    // Sums of doubles depend on their order; names do not.
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return table.sources[a].name < table.sources[b].name; });
    VoteTable ordered{table.classes, table.items, {}};
    for (const std::size_t j : order)
        ordered.sources.push_back(table.sources[j]);
    Pooled pooled = pool(method, ordered, anchors);
    std::vector<double> weights(table.sources.size(), 0.0);
    for (std::size_t place = 0; place < order.size(); ++place)
        weights[order[place]] = pooled.weights[place];
    pooled.weights = std::move(weights);
    return pooled;
}

} // namespace gradus::signals
