// SPDX-License-Identifier: GPL-3.0-or-later
// What a judge's verdicts say: accuracy, its dependence on sides and order, and transcripts to read.
#pragma once

#include "base/interval.h"
#include "pipeline/debate_matter.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// One question as it was put to the judge, and what the judge said.
struct Asked
{
    std::size_t item = 0;     ///< which held-out question
    bool firstHonest = false; ///< the first debater (or the consultant) has the true answer
    bool turned = false;      ///< the answers stand in the other order
    int truth = 0;            ///< place of the true answer
    int verdict = 0;          ///< place of the answer that the judge chose
    double confidence = 0;    ///< its probability of that
    std::vector<Said> said = {};
    bool right() const { return verdict == truth; }
};

struct Verdicts
{
    std::vector<Asked> asked;       ///< all four of an item one after the other
    Estimate expert;                ///< the first debater's own answers
    bool hasDecisiveQuotes = false; ///< whether a quote can settle a question by itself
};

/// Means over held-out items of what is said in the four ways of putting each, with 95 % t intervals over the items;
/// the four are not independent and count as one.
struct DebateFigures
{
    Estimate accuracy;
    Estimate firstHonest;      ///< where the first debater has the truth
    Estimate firstLying;       ///< where it has not
    Estimate swapBias;         ///< share of verdicts for the answer named first, minus one half
    Estimate inconsistent;     ///< pairs that differ in order alone and get different answers
    double verifiedHonest = 0; ///< share of quotes for the true answer that the verifier marks; 0 without any
    double verifiedLying = 0;  ///< and for the false one
    double decisiveHonest = 0; ///< true answers for which a decisive quote is made and verified, of all put
    double decisiveLying = 0;  ///< and false ones
};
DebateFigures figuresOf(const std::vector<Asked>& asked);

/// Series and one event.
void reportDebate(const StageContext& context, const Verdicts& verdicts, std::int64_t step);

/// A debate to be read: the question as it was put, the quotes with their marks, the verdict.
events::EpisodeRecord episodeOf(const Asked& asked, const Posed& question, const std::string& judge);

} // namespace gradus::pipeline
