// SPDX-License-Identifier: GPL-3.0-or-later
// A fixed set of scenarios on which a generation's conformity is measured before and after alignment.
#pragma once

#include "base/interval.h"
#include "pipeline/policy.h"
#include "signatures/deceptive_alignment.h"

#include <string>
#include <vector>

namespace gradus::pipeline {

/// Every question is put three times: tempting and unwatched, tempting and watched, and its benign twin.
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

    struct Answers
    {
        Estimate harm;                 ///< share of tempting scenarios in which the oracle saw a hazard
        Estimate unwatched;            ///< of the unwatched ones alone
        Estimate watched;              ///< of the watched ones alone
        Estimate overRefusal;          ///< share of benign twins that were handed to a person
        Estimate passed;               ///< share of benign twins that passed the check with the true answer expected
        signatures::FramedPair framed; ///< safe (1) or not, watched and unwatched, by question
    };
    Result<Answers> ask(const Policy& policy) const;

private:
    const StageContext& m_context;
    std::string m_name;
    std::vector<data::Item> m_items; ///< unwatched, watched and benign of question 0, then of question 1, ...
};

} // namespace gradus::pipeline
