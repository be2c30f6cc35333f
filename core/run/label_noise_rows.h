// SPDX-License-Identifier: GPL-3.0-or-later
// What the estimators said of the labels that generations were taught, side by side over seeds.
#pragma once

#include "base/interval.h"
#include "store/records.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradus::run {

/// One supervised generation of one condition.
struct LabelNoiseRow
{
    std::string condition;
    int generation = 2;
    std::size_t runs = 0;
    std::optional<Estimate> truth;              ///< the supervisor's share of wrong held-out items: what they estimate
    std::map<std::string, Estimate> estimates;  ///< by method; of the runs in which it spoke
    std::map<std::string, std::size_t> refused; ///< by method: runs in which it gave no number
    std::size_t alarms = 0;                     ///< runs in which the estimators disagreed by their rule
};

/// Conditions in the order in which they were recorded, generations ascending; none where no estimator ran. The last
/// attempt at a generation counts.
std::vector<LabelNoiseRow> labelNoiseRows(const std::vector<store::RunDetail>& runs);

/// The same as a table with its reading; empty without rows.
std::string labelNoiseTable(const std::vector<LabelNoiseRow>& rows);

} // namespace gradus::run
