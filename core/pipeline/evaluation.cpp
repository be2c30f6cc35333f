// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/evaluation.h"

#include "evals/metrics.h"
#include "signatures/imitation_cascade.h"
#include "signatures/label_collapse.h"
#include "signatures/non_saliency.h"

#include <cmath>

namespace gradus::pipeline {

namespace {

std::vector<int> at(const std::vector<int>& labels, const std::vector<std::size_t>& places)
{
    std::vector<int> some;
    some.reserve(places.size());
    for (const std::size_t place : places)
        some.push_back(labels[place]);
    return some;
}

} // namespace

Evaluation::Evaluation(const StageContext& context, const Supervision& taught, const CompetenceInput& input)
    : m_context(context), m_taught(taught), m_input(input)
{
}

Result<void> Evaluation::prepare()
{
    const data::ItemSet test = m_context.task.test();
    m_items = m_context.ladder.read(m_input.rung, test).items;
    m_truth = truthOf(test);
    m_fingerprint = test.fingerprint;
    if (m_input.supervisor == nullptr) return {};
    const auto labels = m_input.supervisor->label(test);
    if (!labels) return labels.error();
    for (std::size_t i = 0; i < m_truth.size(); ++i)
        if (labels->opinions.labels[i] != signals::kAbstain) m_labelled.push_back(i);
    m_supervisor = chosen(labels->opinions, m_labelled);
    m_labelledTruth = at(m_truth, m_labelled);
    return m_input.predecessor != nullptr ? askPredecessor(*labels, test) : Result<void>();
}

/// Where it labels alone, it has been asked already.
Result<void> Evaluation::askPredecessor(const Labels& labels, const data::ItemSet& test)
{
    if (!labels.panel) {
        m_predecessor = labels.opinions;
        return {};
    }
    const Ancestor& predecessor = *m_input.predecessor;
    auto opinions =
        opinionsOf(*predecessor.model, m_context.ladder.read(predecessor.rung, test).items, m_context.task.classes());
    if (!opinions) return opinions.error();
    m_predecessor = std::move(*opinions);
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
    if (!isSupervised()) return scores;
    const std::vector<int> asked = at(labels, m_labelled);
    scores.weak = evals::accuracy(m_supervisor.labels, m_labelledTruth);
    scores.imitation = evals::agreementWithErrors(asked, m_supervisor.labels, m_labelledTruth);
    scores.memorisation = evals::agreementWithErrors(trained->labels, m_taught.labels, m_taught.truth);
    if (m_ceilingLabels.empty()) return scores;
    scores.ceiling = evals::accuracy(m_ceilingLabels, m_truth);
    const std::vector<int> ceiling = at(m_ceilingLabels, m_labelled);
    scores.excessImitation = evals::excessImitation(asked, ceiling, m_supervisor.labels, m_labelledTruth);
    if (depth == Depth::Quick) return scores;
    auto recovered =
        evals::performanceGapRecovered(asked, m_supervisor.labels, ceiling, m_labelledTruth, m_context.seedFor("pgr"));
    scores.pgr = recovered.estimate;
    scores.pgrRefusal = std::move(recovered.refusal);
    return scores;
}

std::vector<signatures::Verdict> Evaluation::verdicts(const Scores& scores,
                                                      const std::map<std::int64_t, double>& utility,
                                                      const Salience& salience) const
{
    std::vector<signatures::Verdict> all;
    if (!isSupervised() || m_ceilingLabels.empty()) return all;
    const Opinions held = chosen(scores.held, m_labelled);
    const int classes = m_context.task.classes();
    const auto items = static_cast<long long>(m_truth.size());
    std::vector<Estimate> history;
    for (const auto& [step, value] : utility)
        history.push_back(evals::proportion(std::llround(value * static_cast<double>(items)), items));
    all.push_back(signatures::imitationCascade({.student = held.labels,
                                                .ceiling = at(m_ceilingLabels, m_labelled),
                                                .teacher = m_supervisor.labels,
                                                .truth = m_labelledTruth,
                                                .classes = classes,
                                                .trainNoisy = scores.trainNoisy.value,
                                                .utilityHistory = history}));
    if (m_input.predecessor == nullptr) return all;
    all.push_back(signatures::labelCollapse({.before = m_predecessor.probabilities,
                                             .now = scores.held.probabilities,
                                             .classes = classes,
                                             .seed = m_context.seedFor("label collapse"),
                                             .reference = "its predecessor"}));
    const bool knowsBoth = m_input.ceilingBefore.size() == m_truth.size();
    all.push_back(signatures::nonSaliency({.before = m_predecessor.labels,
                                           .now = scores.held.labels,
                                           .truth = m_truth,
                                           .ceilingBefore = knowsBoth ? m_input.ceilingBefore : std::vector<int>(),
                                           .ceilingNow = knowsBoth ? m_ceilingLabels : std::vector<int>(),
                                           .capacityBefore = m_context.ladder.at(m_input.predecessor->rung).capacity,
                                           .capacityNow = m_context.ladder.at(m_input.rung).capacity,
                                           .probeBefore = salience.before,
                                           .probeNow = salience.now}));
    return all;
}

void reportVerdicts(events::EventSink& sink, const std::vector<signatures::Verdict>& verdicts, int generation,
                    std::int64_t step)
{
    for (const signatures::Verdict& verdict : verdicts) {
        // "signature.mode_collapse" is the event, "signature/mode_collapse" the series: what it watched stays readable.
        if (verdict.hasFigure())
            sink.estimate({"signature/" + verdict.kind.substr(verdict.kind.find('.') + 1), step, verdict.value});
        if (verdict.fired)
            sink.event({.kind = verdict.kind,
                        .generation = generation,
                        .step = step,
                        .sentence = verdict.sentence,
                        .detailsJson = verdict.detailsJson});
    }
}

void reportScores(events::EventSink& sink, const Scores& scores, std::int64_t step)
{
    sink.estimate({"utility/competence", step, scores.utility});
    sink.estimate({"test/accuracy", step, scores.utility});
    sink.estimate({"train/accuracy_noisy", step, scores.trainNoisy});
    sink.estimate({"train/accuracy_clean", step, scores.trainClean});
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
