// SPDX-License-Identifier: GPL-3.0-or-later
// Agreement of pairs and of all sources with intervals that take items as the sample. Pure functions.
#pragma once

#include "base/interval.h"
#include "signals/agreement.h"
#include "signals/votes.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace gradus::signals {

/// errorPhi with a 95 % interval: the variance of Pearson's r of {0, 1} by its influence function, on Fisher's z scale.
/// Where a cell of the two-by-two table is empty, half an item is added to each for the interval alone. n as errorPhi.
std::optional<Estimate> errorPhiEstimate(std::span<const int> a, std::span<const int> b, std::span<const int> truth);

/// P(same answer | both are wrong): how far errors are not only made together but are the same errors. Wilson interval;
/// none when they are never wrong together. With K equally likely wrong answers chance gives 1 / (K - 1).
std::optional<Estimate> sameWrongAnswer(std::span<const int> a, std::span<const int> b, std::span<const int> truth);

/// Share of the items that both answer on which they answer alike; none without such an item.
std::optional<Estimate> pairAgreement(std::span<const int> a, std::span<const int> b);

/// krippendorffAlpha with a jackknife interval over items; n: items with two answers or more. The number of classes may
/// be large: the cost is that of the answers that were given.
std::optional<Estimate> krippendorffEstimate(const VoteTable& table);

/// fleissKappa over the items that every source answers, with a jackknife interval over them. None with fewer than two
/// such items, or where they hold one class alone.
std::optional<Estimate> fleissEstimate(const VoteTable& table);

} // namespace gradus::signals
