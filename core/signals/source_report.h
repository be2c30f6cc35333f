// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that answers alone tell of a set of sources: who is right how often, who errs with whom, how many
// independent sources they are worth, and what a further one brings. Pure; any thread.
#pragma once

#include "base/interval.h"
#include "base/result.h"
#include "signals/agreement.h"
#include "signals/answer_pool.h"
#include "signals/source_worth.h"
#include "signals/votes.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gradus::signals {

/// What is known of the answers beside themselves.
struct SourceQuestion
{
    Anchors anchors;           ///< items whose truth is known; may be empty
    bool verdictsOnly = false; ///< labels say right or wrong and nothing of what was answered
    bool openAnswers = false;  ///< the number of possible answers is not known, so that no chance level is either
};

struct SourceLine
{
    std::string name;
    long long answered = 0;
    std::optional<Estimate> accuracy; ///< on anchors, Wilson interval
};

struct SourcePair
{
    std::size_t first = 0;
    std::size_t second = 0;
    std::optional<Estimate> agreement = {};
    std::optional<Agreement> cohen = {};
    std::optional<ErrorPhi> phi = {}; ///< this and what follows need anchors
    std::optional<Estimate> phiEstimate = {};
    std::optional<Agreement> consistency = {};
    std::optional<Agreement> capa = {};     ///< none of verdicts and open answers
    std::optional<Estimate> sameWrong = {}; ///< none of verdicts
};

/// Effective numbers of the correlation of errors, with jackknife intervals over groups of items.
struct EffectiveNumber
{
    Estimate mean;     ///< m / (1 + (m - 1) rho)
    Estimate spectral; ///< m^2 / sum of squared correlations
};

struct SourceReport
{
    std::vector<SourceLine> sources;
    std::vector<SourcePair> pairs; ///< first < second, in order
    std::optional<Estimate> krippendorff;
    std::optional<Estimate> fleiss; ///< over the items that all of them answer
    /// Of the sources that label an anchor; needs ten anchors: agreement alone may be knowledge or shared error.
    std::optional<EffectiveNumber> effective;
    std::optional<AnswerWorth> worth;
    std::vector<MarginalBenefit> benefit; ///< of the anchored pool in nats; empty for verdicts and open answers
    std::vector<std::string> notes;       ///< what is missing above, and why, a sentence each
};

/// Bad input as checkVotes, and with fewer than two sources.
Result<SourceReport> sourceReport(const VoteTable& table, const SourceQuestion& question);

} // namespace gradus::signals
