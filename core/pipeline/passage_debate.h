// SPDX-License-Identifier: GPL-3.0-or-later
// Debates of language models about questions on a passage that the judge has not read.
#pragma once

#include "base/rng.h"
#include "pipeline/debate_matter.h"

namespace gradus::pipeline {

/// After Khan et al. (arXiv 2402.06782), where debaters have a story that their judge has not; theirs write arguments
/// around quotes, these quote alone, so that any language model can debate and no quote can be false.
///
/// - Question: one of "cosmosqa-choices" with its true answer and one other; chance is one half.
/// - Debaters: model folders as they are. A side is assigned an answer and quotes whole sentences of the passage: those
///   that raise its own belief in that answer over the other most, where belief is the mean log-probability of an
///   answer's tokens after the one sentence and the question. They are drawn one after the other without repetition
///   with weights exp(belief / temperature), temperature in nats a token.
/// - The judge reads question, answers and quotes as text, never the passage.
/// - Expert: the answer with the larger mean log-probability after the whole passage.
class PassageDebate final : public DebateMatter
{
public:
    explicit PassageDebate(const StageContext& context) : m_context(context) {}
    Result<std::unique_ptr<DebateSet>> prepared(const data::ItemSet& set, const std::string& purpose) const override;
    Result<engine::TunedModel> freshJudge() const override;
    bool hasDecisiveQuotes() const override { return false; }

private:
    const StageContext& m_context;
};

/// What a rung believes of one question: by how much each sentence of the passage, and all of it, speak for the true
/// answer over the other, in nats a token.
struct PassageBeliefs
{
    std::vector<double> sentences;
    double passage = 0;
    bool cut = false; ///< the passage was longer than the limit, and its beginning was not read
};

/// What a debate of model folders reads for one question, in items of the task: means over some of its pool.
struct PassageReading
{
    double believed = 0; ///< by a debater (both answers after every sentence and after the whole passage)
    double judged = 0;   ///< by the judge, in one order
};
PassageReading readingOf(const spec::Experiment& experiment, const data::Task& task);

/// Places of the sentences that a side quotes, in the order in which it does; for the true answer it wants large
/// beliefs, for the other one small ones. Pure.
std::vector<std::size_t> sentencesToQuote(const PassageBeliefs& beliefs, bool forTruth, int turns, double temperature,
                                          Rng& rng);

} // namespace gradus::pipeline
