// SPDX-License-Identifier: GPL-3.0-or-later
// What a writer is measured by: its ends on held-out programs or its taste on held-out preferences, and how varied its
// answers are.
#pragma once

#include "base/interval.h"
#include "evals/diversity.h"
#include "pipeline/writers.h"
#include "signatures/verdict.h"

#include <cstdint>
#include <vector>

namespace gradus::pipeline {

/// Greedy answers to all held-out programs; of preference data, which of two answers it finds likelier.
struct WritingScores
{
    Estimate utility;  ///< the end is right; or: the preferred answer has the higher mean log-probability a token
    Estimate working;  ///< the answer can be read, and every state of its working is right
    Estimate unparsed; ///< no answer: states, a mark and an end were not what was written
    double steps = 0;  ///< mean states of working shown, of those that can be read
};

/// Answers to the probes (the first self.probes held-out programs), self.samples each at temperature 1 without filter:
/// the model's own distribution, the same draw for every generation. Figures are means over the prompts, each of the
/// answers to one: variety that differs between prompts is the programs', not the model's.
struct WritingVariety
{
    std::vector<evals::Samples> samples; ///< [prompt][sample]
    std::vector<double> entropies;       ///< mean token entropy of each prompt's answers, nats
    double entropy = 0;
    double distinct2 = 0;
    double selfBleu = 0;
    double vendi = 0;
    double repeats = 0;    ///< repeated bigrams within an answer: working is too short for repeated 4-grams
    double length = 0;     ///< tokens
    double rightShare = 0; ///< of the drawn answers, ends that are right
};

class WritingAudit final
{
public:
    /// Both must outlive it.
    WritingAudit(const StageContext& context, const AnswerForm& form);

    /// Bad input where preference data holds out no pair with a prompt.
    Result<void> ready() const;

    Result<WritingScores> scores(const engine::LanguageModel& model) const;
    Result<WritingVariety> variety(const engine::LanguageModel& model) const;
    /// Mode collapse of `now` against `before`.
    signatures::Verdict collapse(const WritingVariety& before, const WritingVariety& now) const;

private:
    Result<WritingScores> taste(const engine::LanguageModel& model) const;

    const StageContext& m_context;
    const AnswerForm& m_form;
    engine::WritingPairs m_pairs;          ///< held out, of preference data
    std::vector<engine::Tokens> m_prompts; ///< all held-out programs or prompts
    std::vector<engine::Tokens> m_probes;
};

/// checked: a checker knows right ends.
void reportWriting(events::EventSink& sink, const WritingScores& scores, const WritingVariety& variety, bool checked,
                   std::int64_t step);

} // namespace gradus::pipeline
