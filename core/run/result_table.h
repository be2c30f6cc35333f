// SPDX-License-Identifier: GPL-3.0-or-later
// The result of runs as a table a referee would accept: mean over seeds, interval, n, and what was refused.
#pragma once

#include "store/records.h"

#include <string>
#include <vector>

namespace gradus::run {

/// Rows are condition x generation. Over two seeds or more: mean and 95 % t interval over seeds; one seed: that run's
/// own interval over items. With several conditions the last generations are compared, paired by seed.
std::string resultTable(const std::vector<store::RunDetail>& runs);

/// The same numbers as JSON: {"runs":n,"rows":[…],"endings":[…],"differences":[…],"signatures":[…],"baselines":[…]};
/// a row is a generation of a condition.
std::string resultJson(const std::vector<store::RunDetail>& runs);

} // namespace gradus::run
