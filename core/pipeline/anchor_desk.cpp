// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/anchor_desk.h"

#include "base/rng.h"
#include "evals/metrics.h"
#include "evals/statistics.h"
#include "pipeline/competence_stage.h"
#include "pipeline/run_items.h"

#include <algorithm>

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

/// Targets with the first `share` of a fixed order of items moved on to a fixed other class: shares are nested.
std::vector<float> flipped(std::vector<float> targets, double share, int classes, std::uint64_t seed)
{
    const auto width = static_cast<std::ptrdiff_t>(classes);
    const auto count = static_cast<std::int64_t>(targets.size()) / width;
    const auto order = permutation(count, Rng(seed, "forecast/flips"));
    Rng moves(seed, "forecast/moves");
    std::vector<std::ptrdiff_t> shift(static_cast<std::size_t>(count));
    for (std::ptrdiff_t& step : shift)
        step = 1 + static_cast<std::ptrdiff_t>(moves.below(static_cast<std::uint64_t>(classes - 1)));
    const auto flips = static_cast<std::size_t>(share * static_cast<double>(count) + 0.5);
    for (std::size_t i = 0; i < flips; ++i) {
        const auto row = targets.begin() + order[i] * width;
        std::rotate(row, row + shift[static_cast<std::size_t>(order[i])], row + width);
    }
    return targets;
}

} // namespace

AnchorDesk::AnchorDesk(const StageContext& context)
    : m_context(context), m_anchors(anchorsOf(context)), m_truth(truthOf(m_anchors))
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
    attempt.noise = 1 - attempt.utility.value;
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

Result<AnchorDesk::Forecasts> AnchorDesk::forecast(const Supervisor& supervisor, int rung, int nextGeneration) const
{
    Forecasts forecasts;
    if (!hasAnchors()) return forecasts;
    data::ItemSet pool = poolOf(m_context, nextGeneration);
    const auto labels = labelsOf(supervisor, pool, nextGeneration);
    if (!labels) return labels.error();
    for (int above = rung + 1; above < static_cast<int>(m_context.ladder.rungs().size()); ++above) {
        m_context.safePoint();
        if (m_context.stop.requested()) return Error{"Stopped while rungs were compared.", ErrorKind::Stopped};
        auto made = forecastOf(above, pool, labels->opinions, nextGeneration);
        if (!made) return made.error();
        forecasts.rungs.push_back(std::move(*made));
        forecasts.flops += forwardFlops(m_context.ladder.at(above), m_context.ladder.read(above, pool).items) +
                           forwardFlops(m_context.ladder.at(above), m_context.ladder.read(above, m_anchors).items);
    }
    return forecasts;
}

Result<controller::Forecast> AnchorDesk::forecastOf(int rung, const data::ItemSet& pool, const Opinions& opinions,
                                                    int nextGeneration) const
{
    const int classes = m_context.task.classes();
    // The very base that the generation would be tuned from, and the very labels.
    const auto base = m_context.ladder.base(rung, m_context.head(),
                                            m_context.seedFor("generation " + std::to_string(nextGeneration) + "/base"),
                                            m_context.stop, {});
    if (!base) return base.error();
    const bool soft = m_context.spec.experiment.training.softLabels == "soft";
    const Supervision taught = taughtBy(m_context.task, opinions, pool, m_context.ladder.read(rung, pool), soft);
    const std::vector<float> answers = soft ? opinions.probabilities : oneHot(opinions.labels, classes);
    std::vector<std::vector<float>> targets{taught.targets};
    for (const double share : kFlips)
        for (int draw = 0; draw < kFlipDraws; ++draw)
            targets.push_back(lessonsOf(
                m_context.task, pool,
                flipped(answers, share, classes,
                        m_context.seedFor("forecast " + std::to_string(nextGeneration) + "/" + std::to_string(draw)))));
    const auto trials = base->frozenTrials(taught.items, targets, m_context.ladder.read(rung, m_anchors).items,
                                           tuningOptions(m_context, nextGeneration, true), m_context.stop);
    if (!trials) return trials.error();
    const auto right = [&](std::size_t trial) {
        return correct(opinionsFrom((*trials)[trial], taught.actions, classes).labels, m_truth);
    };
    controller::Forecast forecast{.rung = rung, .utility = {}, .gain = {}, .lossByFlips = {{0.0, 0.0}}};
    forecast.utility = evals::accuracy(opinionsFrom((*trials)[0], taught.actions, classes).labels, m_truth);
    forecast.gain = evals::pairedDifference(right(0), correct(m_kept, m_truth));
    std::size_t trial = 1;
    for (const double share : kFlips) {
        double loss = 0;
        for (int draw = 0; draw < kFlipDraws; ++draw)
            loss += evals::pairedDifference(right(0), right(trial++)).value;
        forecast.lossByFlips.emplace_back(share, loss / kFlipDraws);
    }
    return forecast;
}

void reportAttempt(events::EventSink& sink, const controller::Attempt& attempt, std::int64_t step)
{
    if (attempt.utility.n == 0) return;
    sink.estimate({"anchors/utility", step, attempt.utility});
    // Of the labels that it, or the pool that it takes part in, would give: the interval is known of its own alone.
    const double own = 1 - attempt.utility.value;
    const double noise = attempt.noise.value_or(own);
    if (noise == own)
        sink.estimate(
            {"noise/estimate",
             step,
             {.value = own, .low = 1 - attempt.utility.high, .high = 1 - attempt.utility.low, .n = attempt.utility.n}});
    else
        sink.point({"noise/estimate", step, noise});
    sink.point({"noise/upper", step, attempt.noiseUpper});
    sink.point({"compute/flops", step, attempt.flops});
}

} // namespace gradus::pipeline
