// SPDX-License-Identifier: GPL-3.0-or-later
// A mix: the weights of several sources over the run, read as shares; pure functions from a mix to a mix.
#pragma once

#include "schedule/curve.h"

#include <cstddef>
#include <vector>

namespace gradus::viewmodels {

/// One weight curve a source, valid and within 0..1; x is the fraction of the ladder done, as for the worker. Not
/// empty.
struct Mix
{
    std::vector<schedule::Curve> weights;
    std::vector<bool> locked; ///< as many; edits of others never move a locked source's share: not where they edit, nor
                              ///< (by more than 0.004) between keys; fades and switches do, being about the sum

    friend bool operator==(const Mix&, const Mix&) = default;
};

/// A mix made ready for many evaluations, by the evaluator that the worker uses. Immutable.
class MixEvaluator final
{
public:
    explicit MixEvaluator(const Mix& mix);

    std::vector<double> weightsAt(double x) const;
    /// They sum to 1; all are 0 where no source has a weight.
    std::vector<double> sharesAt(double x) const;

private:
    std::vector<schedule::Evaluator> m_weights;
};

std::vector<double> sharesAt(const Mix& mix, double x);

/// Where a gesture at x edits: the nearest key of an unlocked source within reach, else x itself (clamped to 0..1).
double mixKeyNear(const Mix& mix, double x, double reach);
/// Every unlocked source has a key at x; a weight that is one number also gets keys at both ends. No share moves while
/// segments are linear, holds or Bezier.
Mix withMixKey(const Mix& mix, double x);

/// All edits below put keys at x first. A weight that would pass 1 shrinks all of them by one factor: no share moves by
/// that. Locked sources take no part; where the edit has no room at all the mix comes back as it was.

/// `gains` takes delta (a share; negative: gives) from `pays`, and nobody else moves; both stop at 0. Where one of the
/// two is locked nothing moves. This is the drag of the boundary between two neighbours.
Mix withTrade(const Mix& mix, std::size_t gains, std::size_t pays, double x, double delta);
/// Source takes `share`; all other unlocked ones pay or gain in proportion to what they have (evenly where they have
/// nothing). Clamped to what locked sources leave.
Mix withShare(const Mix& mix, std::size_t source, double x, double share);
/// Unlocked sources take these shares (one a source, in proportion; those of locked ones are not read) of what locked
/// ones leave.
Mix withShares(const Mix& mix, double x, const std::vector<double>& shares);
/// Unlocked sources share evenly what locked ones leave.
Mix equalised(const Mix& mix, double x);
/// The source takes all that locked ones leave.
Mix soloed(const Mix& mix, std::size_t source, double x);
/// The source rises from nothing at the beginning to its weight at x (x > 0), and runs on as it did.
Mix fadedIn(const Mix& mix, std::size_t source, double x);
/// The source runs as it did up to x (x < 1) and then falls to nothing at the end.
Mix fadedOut(const Mix& mix, std::size_t source, double x);
/// The three below give every unlocked source another weight curve; locked ones keep theirs.
/// Everybody has the same weight throughout.
Mix uniformMix(const Mix& mix);
/// One after the other, in their order: each rises while the one before it falls.
Mix handedOver(const Mix& mix);
/// One source a generation in turn, for a ladder of this many generations (2 to 200; others are clamped).
Mix alternated(const Mix& mix, int generations);
/// The source with another weight curve (on and off).
Mix withWeight(const Mix& mix, std::size_t source, const schedule::Curve& weight);

} // namespace gradus::viewmodels
