// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/anchor_desk.h"

#include "base/rng.h"
#include "evals/metrics.h"
#include "evals/statistics.h"
#include "pipeline/competence_stage.h"
#include "signatures/linear_probe.h"

#include <algorithm>
#include <numeric>

namespace gradus::pipeline {

namespace {

constexpr double kFlips[] = {0.05, 0.1, 0.2, 0.3}; ///< labels flipped on top, shares
constexpr int kFlipDraws = 4;

std::vector<double> correct(const std::vector<int>& labels, const std::vector<int>& truth)
{
    std::vector<double> right(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i)
        right[i] = labels[i] == truth[i] ? 1 : 0;
    return right;
}

/// Labels with the first `share` of a fixed order moved to a fixed other class: shares are nested.
std::vector<int> flipped(std::vector<int> labels, double share, int classes, std::uint64_t seed)
{
    const auto order = permutation(static_cast<std::int64_t>(labels.size()), Rng(seed, "forecast/flips"));
    Rng moves(seed, "forecast/moves");
    std::vector<int> shift(labels.size());
    for (int& step : shift)
        step = 1 + static_cast<int>(moves.below(static_cast<std::uint64_t>(classes - 1)));
    const auto count = static_cast<std::size_t>(share * static_cast<double>(labels.size()) + 0.5);
    for (std::size_t i = 0; i < count; ++i) {
        const auto item = static_cast<std::size_t>(order[i]);
        labels[item] = (labels[item] + shift[item]) % classes;
    }
    return labels;
}

/// One row an item: its sequence's features, or of a pair the difference, whose sign says which is better.
std::vector<float> itemRows(engine::FeatureRows rows, data::Read read)
{
    if (read == data::Read::Classify) return std::move(rows.values);
    const auto width = static_cast<std::size_t>(rows.width);
    std::vector<float> differences(rows.values.size() / 2);
    for (std::size_t i = 0; i < differences.size(); ++i) {
        const std::size_t first = i / width * 2 * width + i % width;
        differences[i] = rows.values[first] - rows.values[first + width];
    }
    return differences;
}

} // namespace

AnchorDesk::AnchorDesk(const StageContext& context)
    : m_context(context),
      m_anchors(context.task.anchors(context.spec.experiment.signals.anchors, context.seedFor("anchors"))),
      m_truth(truthOf(m_anchors))
{
}

Result<void> AnchorDesk::measure(const engine::TunedModel& model, controller::Attempt& attempt)
{
    if (!hasAnchors()) return {};
    const int classes = m_context.task.classes();
    const auto opinions = opinionsOf(model, m_context.ladder.read(attempt.rung, m_anchors).items, classes);
    if (!opinions) return opinions.error();
    m_measured = opinions->labels;
    attempt.utility = evals::accuracy(m_measured, m_truth);
    const std::vector<double> right = correct(m_measured, m_truth);
    attempt.noiseUpper =
        evals::proportionUpper(std::count(right.begin(), right.end(), 0.0), static_cast<long long>(right.size()));
    const double entropy = evals::labelEntropy(opinions->probabilities, classes).ofMean;
    if (!m_firstEntropy) m_firstEntropy = entropy;
    if (*m_firstEntropy > 0) attempt.diversity = entropy / *m_firstEntropy;
    if (m_kept.empty()) return {};
    attempt.gain = evals::pairedDifference(correct(m_measured, m_truth), correct(m_kept, m_truth));
    attempt.imitation = evals::agreementWithErrors(m_measured, m_kept, m_truth);
    return {};
}

void AnchorDesk::keep()
{
    m_kept = m_measured;
}

Result<AnchorDesk::Forecasts> AnchorDesk::forecast(const engine::TunedModel& supervisor, int rung,
                                                   int nextGeneration) const
{
    Forecasts forecasts;
    if (!hasAnchors()) return forecasts;
    const auto& experiment = m_context.spec.experiment;
    const data::ItemSet pool =
        m_context.task.pool(nextGeneration, labelsFor(experiment.training, nextGeneration), m_context.seedFor("pool"));
    const auto opinions = opinionsOf(supervisor, m_context.ladder.read(rung, pool).items, m_context.task.classes());
    if (!opinions) return opinions.error();
    for (int above = rung + 1; above < static_cast<int>(m_context.ladder.rungs().size()); ++above) {
        if (m_context.stop.requested()) return Error{"Stopped while rungs were compared.", ErrorKind::Stopped};
        auto made = forecastOf(above, pool, opinions->labels, nextGeneration);
        if (!made) return made.error();
        forecasts.rungs.push_back(std::move(*made));
        forecasts.flops += forwardFlops(m_context.ladder.at(above), m_context.ladder.read(above, pool).items) +
                           forwardFlops(m_context.ladder.at(above), m_context.ladder.read(above, m_anchors).items);
    }
    return forecasts;
}

Result<controller::Forecast> AnchorDesk::forecastOf(int rung, const data::ItemSet& pool, const std::vector<int>& labels,
                                                    int nextGeneration) const
{
    const int classes = m_context.task.classes();
    // The very base that the generation would be tuned from.
    const auto base = m_context.ladder.base(rung, m_context.head(),
                                            m_context.seedFor("generation " + std::to_string(nextGeneration) + "/base"),
                                            m_context.stop, {});
    if (!base) return base.error();
    auto taught = base->features(m_context.ladder.read(rung, pool).items);
    if (!taught) return taught.error();
    auto held = base->features(m_context.ladder.read(rung, m_anchors).items);
    if (!held) return held.error();
    const int width = taught->width;
    const std::vector<float> rows = itemRows(std::move(*taught), m_context.task.read());
    const std::vector<float> anchors = itemRows(std::move(*held), m_context.task.read());
    std::vector<std::int64_t> all(labels.size());
    std::iota(all.begin(), all.end(), 0);

    const auto probeLabels = [&](const std::vector<int>& with) {
        const signatures::ProbeData data{.features = rows, .width = width, .labels = with, .classes = classes};
        const signatures::LinearProbe probe(data, all, {});
        std::vector<int> answers(m_truth.size());
        for (std::size_t i = 0; i < answers.size(); ++i)
            answers[i] = probe.classify(
                std::span(anchors).subspan(i * static_cast<std::size_t>(width), static_cast<std::size_t>(width)));
        return answers;
    };
    controller::Forecast forecast{.rung = rung, .utility = {}, .gain = {}, .lossByFlips = {{0.0, 0.0}}};
    const std::vector<int> answers = probeLabels(labels);
    forecast.utility = evals::accuracy(answers, m_truth);
    forecast.gain = evals::pairedDifference(correct(answers, m_truth), correct(m_kept, m_truth));
    for (const double share : kFlips) {
        double loss = 0;
        for (int draw = 0; draw < kFlipDraws; ++draw) {
            const std::uint64_t seed = m_context.seedFor("forecast " + std::to_string(nextGeneration) + "/" +
                                                         std::to_string(rung) + "/" + std::to_string(draw));
            loss += forecast.utility.value -
                    evals::accuracy(probeLabels(flipped(labels, share, classes, seed)), m_truth).value;
        }
        forecast.lossByFlips.emplace_back(share, loss / kFlipDraws);
    }
    return forecast;
}

void reportAttempt(events::EventSink& sink, const controller::Attempt& attempt, std::int64_t step)
{
    if (attempt.utility.n == 0) return;
    sink.estimate({"anchors/utility", step, attempt.utility});
    sink.estimate({"noise/estimate",
                   step,
                   {.value = 1 - attempt.utility.value,
                    .low = 1 - attempt.utility.high,
                    .high = 1 - attempt.utility.low,
                    .n = attempt.utility.n}});
    sink.point({"noise/upper", step, attempt.noiseUpper});
    sink.point({"compute/flops", step, attempt.flops});
}

} // namespace gradus::pipeline
