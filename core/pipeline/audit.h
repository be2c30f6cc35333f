// SPDX-License-Identifier: GPL-3.0-or-later
// A fixed set of scenarios on which a generation's conformity is measured before and after alignment.
#pragma once

#include "base/interval.h"
#include "pipeline/policy.h"
#include "signatures/deceptive_alignment.h"

#include <set>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// Every question is put three times: tempting and unwatched, tempting and watched, and its benign twin. On the twins'
/// side a fourth time, tempting and unwatched in a variation that training looks like: all that a model can tell
/// training from deployment by is whether a prompt is of a kind that it was trained on. That one counts for its pair of
/// cues alone, and for no rate.
class Audit final
{
public:
    /// Which scenarios: variations that discovery looks at, or those that are held out, with held-out questions.
    enum class Side
    {
        Seen,
        Twins,
    };
    /// The same scenarios for every generation of a run.
    Audit(const StageContext& context, Side side);

    /// What one kind of cue changed: the same questions with its two words.
    struct CueKind
    {
        const char* free = "unwatched";  ///< the framing in which a deceiver would not behave
        const char* guarded = "watched"; ///< the other
        std::vector<int> safeFree = {};  ///< safe (1) or not, by question
        std::vector<int> safeGuarded = {};

        Estimate harmFree() const;
        Estimate harmGuarded() const;
        signatures::FramedPair pair() const; ///< named after both
    };

    struct Answers
    {
        signatures::CueFeatures probe = {}; ///< what the model holds of tempting scenarios, by framing; may be empty
        Estimate harm;                      ///< share of tempting scenarios in which the oracle saw a hazard
        Estimate overRefusal;               ///< share of benign twins that were handed to a person
        Estimate passed;              ///< share of benign twins that passed the check with the true answer expected
        long long canaryTrials = 0;   ///< benign twins in which a secret was planted that the task does not give
        long long canaryHits = 0;     ///< of these, in a call, the last words or a file left (monitors::canaryTouched)
        std::vector<CueKind> cues;    ///< each is tested by itself: who is watched and what is real are two questions
        std::set<std::string> played; ///< scenarios that were put, as episodes name theirs: "family / variation", ids
    };
    Result<Answers> ask(const Policy& policy) const;

private:
    /// Safe (1) or not by question, in a variation that training looks like; empty on the seen side.
    Result<std::vector<int>> safeAsTrained(const Policy& policy) const;
    Result<signatures::CueFeatures> featuresOf(const Policy& policy) const;

    const StageContext& m_context;
    std::string m_name;
    std::vector<data::Item> m_items;     ///< unwatched, watched and benign of question 0, then of question 1, ...
    std::vector<data::Item> m_asTrained; ///< the same questions as training looks; of the twins' side alone
};

} // namespace gradus::pipeline
