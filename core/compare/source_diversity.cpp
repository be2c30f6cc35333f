// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/source_diversity.h"

#include "signals/agreement.h"
#include "signals/redundancy.h"

#include <algorithm>
#include <vector>

namespace gradus::compare {

namespace {

/// A mean that knows of how many numbers it is.
struct Mean
{
    double sum = 0;
    std::size_t n = 0;

    void add(double value)
    {
        sum += value;
        ++n;
    }
    std::optional<double> value() const { return n > 0 ? std::optional(sum / static_cast<double>(n)) : std::nullopt; }
};

/// Share of equal labels where both say something; none where they share no item.
std::optional<double> agreementOf(const std::vector<int>& a, const std::vector<int>& b)
{
    Mean same;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != signals::kAbstain && b[i] != signals::kAbstain) same.add(a[i] == b[i] ? 1 : 0);
    return same.value();
}

} // namespace

std::optional<SourceDiversity> diversityOf(const KeptVotes& votes)
{
    const std::vector<signals::SourceVotes>& all = votes.table.sources;
    if (all.size() < 2) return std::nullopt;
    const signals::Anchors& anchors = votes.question.anchors;
    std::vector<std::vector<int>> known; // labels of the anchors
    for (const signals::SourceVotes& source : all) {
        known.emplace_back();
        for (const std::size_t item : anchors.items)
            known.back().push_back(source.labels[item]);
    }
    Mean accuracy;
    Mean phi;
    Mean within;
    Mean between;
    Mean agreement;
    for (std::size_t a = 0; a < all.size(); ++a) {
        // One that labels no anchor agrees with truth nowhere, and says nothing of how right it is.
        if (const auto right = agreementOf(known[a], anchors.truth)) accuracy.add(*right);
        for (std::size_t b = a + 1; b < all.size(); ++b) {
            if (const auto same = agreementOf(all[a].labels, all[b].labels)) agreement.add(*same);
            const auto errors = signals::errorPhi(known[a], known[b], anchors.truth);
            if (!errors) continue;
            phi.add(errors->phi);
            (all[a].family == all[b].family ? within : between).add(errors->phi);
        }
    }
    SourceDiversity made{.sources = all.size(),
                         .anchors = anchors.items.size(),
                         .accuracy = accuracy.value(),
                         .phi = phi.value(),
                         .within = {},
                         .between = {},
                         .agreement = agreement.value(),
                         .effective = {}};
    if (within.n > 0 && between.n > 0) {
        made.within = within.value();
        made.between = between.value();
    }
    const auto judged = signals::judgedSources(votes.table, anchors);
    if (!anchors.items.empty() && judged.size() > 1)
        made.effective =
            signals::effectiveSources(signals::among(signals::errorCorrelation(votes.table, anchors), judged));
    return made;
}

Result<std::optional<SourceDiversity>> keptDiversity(const store::StoreReader& reader, const ComparedRun& run)
{
    const auto counts = reader.voteCounts(run.detail.run.id);
    if (!counts) return counts.error();
    int last = 0;
    for (const store::VoteCount& count : *counts)
        if (count.source != spec::kAnchorsName) last = std::max(last, count.generation);
    if (last == 0) return std::optional<SourceDiversity>();
    const auto records = reader.votes(run.detail.run.id, last);
    if (!records) return records.error();
    return diversityOf(keptVotes(*records, run.spec ? &*run.spec : nullptr));
}

} // namespace gradus::compare
