// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/evaluation.h"

#include "evals/metrics.h"
#include "signatures/imitation_cascade.h"
#include "signatures/label_collapse.h"
#include "signatures/non_saliency.h"

#include <cmath>

namespace gradus::pipeline {

Evaluation::Evaluation(const StageContext& context, const Supervision& taught, const CompetenceInput& input)
    : m_context(context), m_taught(taught), m_input(input), m_teacher(input.teacher)
{
}

Result<void> Evaluation::prepare()
{
    const data::ItemSet test = m_context.task.test();
    m_items = m_context.ladder.read(m_input.rung, test).items;
    m_truth = truthOf(test);
    if (m_teacher == nullptr) return {};
    auto opinions =
        opinionsOf(*m_teacher, m_context.ladder.read(m_input.teacherRung, test).items, m_context.task.classes());
    if (!opinions) return opinions.error();
    m_teacherOpinions = std::move(*opinions);
    return {};
}

Result<void> Evaluation::setCeiling(const engine::TunedModel& ceiling, std::int64_t firstStep)
{
    auto opinions = opinionsOf(ceiling, m_items, m_context.task.classes());
    if (!opinions) return opinions.error();
    m_ceilingLabels = std::move(opinions->labels);
    // The step after: firstStep itself is the predecessor's last step and holds its ceiling.
    m_context.sink.estimate({"utility/ceiling", firstStep + 1, evals::accuracy(m_ceilingLabels, m_truth)});
    return {};
}

Result<Scores> Evaluation::score(const engine::TunedModel& student, Depth depth) const
{
    const int classes = m_context.task.classes();
    auto held = opinionsOf(student, m_items, classes);
    if (!held) return held.error();
    const auto trained = opinionsOf(student, m_taught.items, classes);
    if (!trained) return trained.error();
    Scores scores;
    scores.held = std::move(*held);
    const std::vector<int>& labels = scores.held.labels;
    scores.utility = evals::accuracy(labels, m_truth);
    scores.trainNoisy = evals::accuracy(trained->labels, m_taught.labels);
    scores.trainClean = evals::accuracy(trained->labels, m_taught.truth);
    scores.labelEntropy = evals::labelEntropy(scores.held.probabilities, classes).meanOfRows;
    if (m_teacher == nullptr) return scores;
    scores.weak = evals::accuracy(m_teacherOpinions.labels, m_truth);
    scores.imitation = evals::agreementWithErrors(labels, m_teacherOpinions.labels, m_truth);
    scores.memorisation = evals::agreementWithErrors(trained->labels, m_taught.labels, m_taught.truth);
    if (m_ceilingLabels.empty()) return scores;
    scores.ceiling = evals::accuracy(m_ceilingLabels, m_truth);
    scores.excessImitation = evals::excessImitation(labels, m_ceilingLabels, m_teacherOpinions.labels, m_truth);
    if (depth == Depth::Quick) return scores;
    auto recovered = evals::performanceGapRecovered(labels, m_teacherOpinions.labels, m_ceilingLabels, m_truth,
                                                    m_context.seedFor("pgr"));
    scores.pgr = recovered.estimate;
    scores.pgrRefusal = std::move(recovered.refusal);
    return scores;
}

std::vector<signatures::Verdict> Evaluation::verdicts(const Scores& scores,
                                                      const std::map<std::int64_t, double>& utility) const
{
    std::vector<signatures::Verdict> all;
    if (m_teacher == nullptr) return all;
    const int classes = m_context.task.classes();
    const auto items = static_cast<long long>(m_truth.size());
    std::vector<Estimate> history;
    for (const auto& [step, value] : utility)
        history.push_back(evals::proportion(std::llround(value * static_cast<double>(items)), items));
    all.push_back(signatures::imitationCascade({.student = scores.held.labels,
                                                .ceiling = m_ceilingLabels,
                                                .teacher = m_teacherOpinions.labels,
                                                .truth = m_truth,
                                                .classes = classes,
                                                .trainNoisy = scores.trainNoisy.value,
                                                .utilityHistory = history}));
    all.push_back(signatures::labelCollapse({.before = m_teacherOpinions.probabilities,
                                             .now = scores.held.probabilities,
                                             .classes = classes,
                                             .seed = m_context.seedFor("label collapse"),
                                             .reference = "its supervisor"}));
    all.push_back(signatures::nonSaliency({.before = m_teacherOpinions.labels,
                                           .now = scores.held.labels,
                                           .truth = m_truth,
                                           .ceilingBefore = {},
                                           .ceilingNow = {},
                                           .capacityBefore = m_context.ladder.at(m_input.teacherRung).capacity,
                                           .capacityNow = m_context.ladder.at(m_input.rung).capacity,
                                           .probeBefore = {},
                                           .probeNow = {}}));
    return all;
}

void reportVerdicts(events::EventSink& sink, const std::vector<signatures::Verdict>& verdicts, int generation,
                    std::int64_t step)
{
    for (const signatures::Verdict& verdict : verdicts)
        if (verdict.fired)
            sink.event({.kind = verdict.kind,
                        .generation = generation,
                        .step = step,
                        .sentence = verdict.sentence,
                        .detailsJson = verdict.detailsJson});
}

void reportScores(events::EventSink& sink, const Scores& scores, std::int64_t step)
{
    sink.estimate({"utility/competence", step, scores.utility});
    sink.point({"test/accuracy", step, scores.utility.value});
    sink.point({"train/accuracy_noisy", step, scores.trainNoisy.value});
    sink.point({"train/accuracy_clean", step, scores.trainClean.value});
    sink.point({"entropy/label", step, scores.labelEntropy});
    if (scores.imitation) sink.estimate({"imitation/rate", step, *scores.imitation});
    if (scores.excessImitation) sink.estimate({"imitation/excess", step, *scores.excessImitation});
    if (scores.memorisation) sink.estimate({"memorisation", step, *scores.memorisation});
}

void reportFinalScores(events::EventSink& sink, const Scores& scores, std::int64_t step)
{
    if (scores.ceiling) sink.estimate({"utility/ceiling", step, *scores.ceiling});
    if (scores.pgr) sink.estimate({"pgr", step, *scores.pgr});
}

} // namespace gradus::pipeline
