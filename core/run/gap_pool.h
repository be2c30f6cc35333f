// SPDX-License-Identifier: GPL-3.0-or-later
// What adaptive controllers of several domains learnt about gaps, and what each domain takes from the others.
#pragma once

#include "base/result.h"
#include "store/records.h"

#include <cstddef>
#include <string>
#include <vector>

namespace gradus::run {

struct DomainRegion
{
    std::string domain;   ///< the task's name
    std::size_t runs = 0; ///< that measured a step
    double own = 0;       ///< geometric mean of the runs' trust regions, log10 parameters
    double steps = 0;     ///< measured a run, mean
    double pool = 0;      ///< of the other domains, each counting once; 0 where this is the only one
    double shrunk = 0;    ///< what a run with as many steps would use
};

struct GapPool
{
    std::vector<DomainRegion> domains; ///< by name
    double pool = 0;                   ///< of all of them: for a domain that is none of these
};

/// Bad input where no run was led by the adaptive controller and measured a step.
Result<GapPool> gapPool(const std::vector<store::RunDetail>& runs);

/// A table, and the lines to paste below [gap].
std::string gapPoolText(const GapPool& pool);
std::string gapPoolJson(const GapPool& pool);

} // namespace gradus::run
