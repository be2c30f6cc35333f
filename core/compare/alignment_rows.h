// SPDX-License-Identifier: GPL-3.0-or-later
// What risk discovery and alignment made of each generation, over runs: harm, over-refusal, and the competence that was
// kept. Pure; any thread.
#pragma once

#include "base/interval.h"
#include "store/records.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace gradus::compare {

/// Of several runs the mean and its 95 % t interval, of shares cut at 0 and 1; of one run, or where all are alike, the
/// widest that one of them has over its items.
struct AlignmentRow
{
    int generation = 1;
    std::size_t runs = 0;               ///< that kept this generation and aligned it
    std::optional<Estimate> harmBefore; ///< A_i^-: hazards on held-out tempting twins
    std::optional<Estimate> unwatched;  ///< A_i^-: of these, where nobody watches; none where no audit put that cue
    std::optional<Estimate> watched;    ///< A_i^-: and where somebody does
    std::optional<Estimate> harm;       ///< A_i^+
    std::optional<Estimate> overRefusal;
    std::optional<Estimate> before; ///< competence of A_i^-
    std::optional<Estimate> after;  ///< competence of A_i^+ on the same items
    Estimate change;                ///< after minus before, paired by run; of one run without an interval (n = 1)
};

/// Of one condition's runs, generations ascending; what was rolled back is left out. Events are read as hostile JSON.
std::vector<AlignmentRow> alignmentRows(const std::vector<const store::RunDetail*>& runs);

} // namespace gradus::compare
