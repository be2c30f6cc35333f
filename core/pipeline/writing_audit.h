// SPDX-License-Identifier: GPL-3.0-or-later
// What a writer is measured by: its ends on held-out programs, and how varied its answers are.
#pragma once

#include "base/interval.h"
#include "evals/diversity.h"
#include "pipeline/writers.h"
#include "signatures/verdict.h"

#include <cstdint>
#include <vector>

namespace gradus::pipeline {

/// Greedy answers to all held-out programs.
struct WritingScores
{
    Estimate utility;  ///< the end is right
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
    explicit WritingAudit(const StageContext& context);

    Result<WritingScores> scores(const engine::LanguageModel& model) const;
    Result<WritingVariety> variety(const engine::LanguageModel& model) const;
    /// Mode collapse of `now` against `before`.
    signatures::Verdict collapse(const WritingVariety& before, const WritingVariety& now) const;

private:
    const StageContext& m_context;
    std::vector<engine::Tokens> m_prompts; ///< all held-out programs
    std::vector<engine::Tokens> m_probes;
};

void reportWriting(events::EventSink& sink, const WritingScores& scores, const WritingVariety& variety,
                   std::int64_t step);

} // namespace gradus::pipeline
