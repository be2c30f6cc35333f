// SPDX-License-Identifier: GPL-3.0-or-later
// What each further source brings where answers are open (numbers, texts): the accuracy of a pool of some of the
// sources, each judged on items that its weights have not seen.
#pragma once

#include "base/interval.h"
#include "base/result.h"
#include "signals/votes.h"

#include <cstddef>
#include <vector>

namespace gradus::signals {

/// The pool gives every answer the sum of its supporters' weights log(C a / (1 - a)), never below 0: a is the source's
/// accuracy and C how many wrong answers there are in effect, 1 / P(same answer | both are wrong). For K equally likely
/// answers that is the log-likelihood ratio of K - 1 wrong ones. Weights come from the other four of five folds; tied
/// answers count in equal shares, and where nobody answers the pool is wrong.
struct AnswerWorth
{
    struct Size
    {
        Estimate accuracy; ///< mean over every choice of n sources, over items
        Estimate gain;     ///< over n - 1 sources, paired by item; of the first source: its accuracy
    };
    std::vector<Size> sizes;          ///< n = 1 .. m: what an n-th source brings, whichever it is
    std::vector<Estimate> leavingOut; ///< m: accuracy with all minus accuracy without that source, paired by item
};

inline constexpr std::size_t kMostPooledSources = 10; ///< every choice of them is tried

/// Over the anchors alone. Refused in one sentence for a table that checkVotes refuses, fewer than ten anchors, and
/// more than kMostPooledSources sources.
Result<AnswerWorth> answerWorth(const VoteTable& table, const Anchors& anchors);

} // namespace gradus::signals
