// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/writing_audit.h"

#include "evals/metrics.h"
#include "signatures/mode_collapse.h"

#include <algorithm>
#include <numeric>

namespace gradus::pipeline {

namespace {

constexpr int kRepeatOrder = 2;

double meanOf(const std::vector<float>& values)
{
    return values.empty() ? 0.0
                          : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Adds what the answers to one prompt say.
void add(WritingVariety& variety, const AnswerForm& form, const engine::Tokens& prompt,
         const std::vector<engine::Continuation>& answers)
{
    evals::Samples samples;
    double entropy = 0;
    for (const engine::Continuation& answer : answers) {
        samples.push_back(answer.tokens);
        entropy += meanOf(answer.entropies) / static_cast<double>(answers.size());
        variety.length += static_cast<double>(answer.tokens.size()) / static_cast<double>(answers.size());
        variety.rightShare +=
            (form.read(prompt, answer.tokens).endRight ? 1.0 : 0.0) / static_cast<double>(answers.size());
    }
    variety.entropies.push_back(entropy);
    variety.entropy += entropy;
    variety.distinct2 += evals::distinctN(samples, 2).value_or(0);
    variety.selfBleu += evals::selfBleu4(samples).value_or(0);
    variety.vendi += evals::vendiScore(samples).value_or(0);
    variety.repeats += evals::repeatFraction(samples, kRepeatOrder).value_or(0);
    variety.samples.push_back(std::move(samples));
}

} // namespace

WritingAudit::WritingAudit(const StageContext& context, const AnswerForm& form)
    : m_context(context), m_form(form), m_pairs(form.pairs(context.task.test())),
      m_prompts(form.prompts(context.task.test()))
{
    const auto probes = static_cast<std::size_t>(context.spec.experiment.self.probes);
    m_probes.assign(m_prompts.begin(),
                    m_prompts.begin() + static_cast<std::ptrdiff_t>(std::min(probes, m_prompts.size())));
}

Result<void> WritingAudit::ready() const
{
    if (!m_prompts.empty() && (m_form.checks() || !m_pairs.prompts.empty())) return {};
    Error error =
        badInput("No held-out pair has a prompt that both answers follow; give the prompt in a column of its own.");
    error.key = "task.test_data";
    return error;
}

/// Mean log-probability a token of both answers of every held-out pair.
Result<WritingScores> WritingAudit::taste(const engine::LanguageModel& model) const
{
    Answers answers(m_pairs.prompts.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
        answers[i].resize(2);
        answers[i][0].tokens = m_pairs.chosen[i];
        answers[i][1].tokens = m_pairs.rejected[i];
    }
    const auto logs = logsOf(model, m_pairs.prompts, answers);
    if (!logs) return logs.error();
    long long right = 0;
    for (std::size_t i = 0; i < answers.size(); ++i)
        right += (*logs)[i][0] / static_cast<double>(m_pairs.chosen[i].size()) >
                         (*logs)[i][1] / static_cast<double>(m_pairs.rejected[i].size())
                     ? 1
                     : 0;
    WritingScores scores;
    scores.utility = evals::proportion(right, static_cast<long long>(answers.size()));
    return scores;
}

Result<WritingScores> WritingAudit::scores(const engine::LanguageModel& model) const
{
    if (!m_form.checks()) return taste(model);
    engine::SamplingOptions greedy;
    greedy.greedy = true;
    const auto answers = answersOf(model, m_form, m_prompts, 1, greedy, false, m_context.stop);
    if (!answers) return answers.error();
    long long right = 0;
    long long working = 0;
    long long parsed = 0;
    double steps = 0;
    for (std::size_t i = 0; i < m_prompts.size(); ++i) {
        const data::traces::Reading reading = m_form.read(m_prompts[i], (*answers)[i].front().tokens);
        right += reading.endRight ? 1 : 0;
        working += reading.workingRight ? 1 : 0;
        parsed += reading.parsed ? 1 : 0;
        steps += reading.steps;
    }
    const auto all = static_cast<long long>(m_prompts.size());
    return WritingScores{.utility = evals::proportion(right, all),
                         .working = evals::proportion(working, all),
                         .unparsed = evals::proportion(all - parsed, all),
                         .steps = steps / static_cast<double>(std::max(1LL, parsed))};
}

Result<WritingVariety> WritingAudit::variety(const engine::LanguageModel& model) const
{
    engine::SamplingOptions sampling;
    sampling.seed = m_context.seedFor("probes");
    const auto answers =
        answersOf(model, m_form, m_probes, m_context.spec.experiment.self.samples, sampling, true, m_context.stop);
    if (!answers) return answers.error();
    WritingVariety variety;
    for (std::size_t i = 0; i < m_probes.size(); ++i)
        add(variety, m_form, m_probes[i], (*answers)[i]);
    const auto count = static_cast<double>(m_probes.size());
    for (double* figure : {&variety.entropy, &variety.distinct2, &variety.selfBleu, &variety.vendi, &variety.repeats,
                           &variety.length, &variety.rightShare})
        *figure /= count;
    return variety;
}

signatures::Verdict WritingAudit::collapse(const WritingVariety& before, const WritingVariety& now) const
{
    return signatures::modeCollapse({.before = before.samples,
                                     .now = now.samples,
                                     .entropyBefore = before.entropies,
                                     .entropyNow = now.entropies,
                                     .seed = m_context.seedFor("mode collapse")});
}

void reportWriting(events::EventSink& sink, const WritingScores& scores, const WritingVariety& variety, bool checked,
                   std::int64_t step)
{
    sink.estimate({"utility/competence", step, scores.utility});
    sink.point({"test/accuracy", step, scores.utility.value});
    if (checked) {
        sink.estimate({"writing/working_right", step, scores.working});
        sink.estimate({"writing/unparsed", step, scores.unparsed});
        sink.point({"writing/steps", step, scores.steps});
        sink.point({"writing/drawn_right", step, variety.rightShare});
    }
    sink.point({"writing/length", step, variety.length});
    sink.point({"entropy/token", step, variety.entropy});
    sink.point({"diversity/distinct2", step, variety.distinct2});
    sink.point({"diversity/self_bleu", step, variety.selfBleu});
    sink.point({"diversity/vendi", step, variety.vendi});
    sink.point({"diversity/repeats", step, variety.repeats});
}

} // namespace gradus::pipeline
