// SPDX-License-Identifier: GPL-3.0-or-later
// How alike the sources of one run err, in a few numbers that can be averaged over seeds. Cheap: nothing is resampled,
// because the interval is over runs. runSources tells one run's sources one by one.
#pragma once

#include "compare/run_groups.h"
#include "compare/run_sources.h"

#include <cstddef>
#include <optional>

namespace gradus::compare {

/// Of the last generation that sources labelled. Means over sources, or over pairs of them; a pair counts where it is
/// defined (labels in common; for phi on anchors, and neither always right nor always wrong).
struct SourceDiversity
{
    std::size_t sources = 0; ///< two or more
    std::size_t anchors = 0; ///< items whose truth the run knew
    std::optional<double> accuracy;
    std::optional<double> phi;       ///< correlation of errors
    std::optional<double> within;    ///< the same over pairs of one family (see spec::familyOf),
    std::optional<double> between;   ///< and of two; none of both where there are pairs of one kind alone
    std::optional<double> agreement; ///< share of the items that both answer
    std::optional<double> effective; ///< as how many independent sources those that label anchors count
};

/// None where fewer than two sources have votes. Pure.
std::optional<SourceDiversity> diversityOf(const KeptVotes& votes);

/// From the votes that the run keeps; none where it keeps none, or those of one source. Blocks.
Result<std::optional<SourceDiversity>> keptDiversity(const store::StoreReader& reader, const ComparedRun& run);

} // namespace gradus::compare
