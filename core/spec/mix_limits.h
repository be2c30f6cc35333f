// SPDX-License-Identifier: GPL-3.0-or-later
// What a mix of sources may be and what it may cost: written beside the sources, held against the weights that are
// drawn. No run reads it, so it is no part of the canonical form.
#pragma once

#include "spec/experiment.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::spec {

/// Keys least_share, most_share and cost of a [[signals.source]].
struct SourceLimits
{
    double least = 0; ///< shares of the mix, 0..1
    double most = 1;
    double cost = 0; ///< of one label, in any currency
    friend bool operator==(const SourceLimits&, const SourceLimits&) = default;
};

/// Of one list of sources, in its order.
struct MixLimits
{
    std::vector<SourceLimits> sources;
    double budget = 0; ///< signals.budget: that the labels of a run may cost; 0: none
};

inline constexpr const char* kBudgetKey = "signals.budget";

/// The limits of every list of sources in the text, as sourceLists() gives them. Bad input: a text that does not read.
Result<std::vector<MixLimits>> mixLimits(const std::string& toml);
/// The text with other limits of one source; what is as usual is not written where it is not there yet. Every other
/// byte stays. Bad input: a source that is not there, shares beyond 0..1 or the least above the most, a cost below 0.
Result<std::string> withSourceLimits(const std::string& toml, std::size_t list, std::size_t source,
                                     const SourceLimits& limits);
/// 0 takes the budget back. Bad input: less than 0.
Result<std::string> withBudget(const std::string& toml, double budget);

/// What a source is asked for over one run, by the weights that are drawn.
struct ExpectedLabels
{
    double asked = 0;     ///< labels it gives of the items that teach: it is asked wherever its weight is above 0
    double effective = 0; ///< its share of the mix of every item that teaches
};
/// One a source. Nothing where the number of items is only known to the task (training.labels = 0), or the procedure
/// does not go by generations.
std::optional<std::vector<ExpectedLabels>> expectedLabels(const Experiment& experiment,
                                                          const std::vector<SignalSource>& sources);
double costOf(const std::vector<ExpectedLabels>& expected, const MixLimits& limits);

/// A limit that the drawn mix does not keep.
struct MixViolation
{
    std::optional<std::size_t> source; ///< none: the budget
    std::vector<int> generations;      ///< in which it is so; empty: the whole run
    double found = 0;                  ///< the share farthest off, or the cost
    double limit = 0;
    std::string sentence;
};
/// Sources first, in their order.
std::vector<MixViolation> mixViolations(const Experiment& experiment, const std::vector<SignalSource>& sources,
                                        const MixLimits& limits);
/// Labels a generation at which the run keeps to the budget; none where that number is drawn, unknown, or none would.
std::optional<int> labelsWithinBudget(const Experiment& experiment, const std::vector<SignalSource>& sources,
                                      const MixLimits& limits);

} // namespace gradus::spec
