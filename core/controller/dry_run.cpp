// SPDX-License-Identifier: GPL-3.0-or-later
#include "controller/dry_run.h"

#include "base/rng.h"
#include "evals/metrics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace gradus::controller {

namespace {

constexpr int kClasses = 2;
/// Rungs that may fail a gate before a generation is given up; the pipeline has no more of them on a ladder.
constexpr int kMostTries = 16;

class Simulation final
{
public:
    Simulation(const spec::Experiment& experiment, const std::vector<double>& capacities, std::uint64_t seed,
               const DryModel& model)
        : m_experiment(experiment), m_capacities(capacities), m_model(model), m_seed(seed), m_rng(seed, "dry run"),
          m_controller(makeController(experiment.gap)),
          m_anchors(experiment.signals.anchors > 0 ? experiment.signals.anchors : spec::kUsualAnchors)
    {
    }

    DryRun run()
    {
        const int last = static_cast<int>(m_capacities.size()) - 1;
        m_rung = std::clamp(m_experiment.ladder.start, 0, last);
        m_utility = ceiling(m_rung);
        made({.generation = 1,
              .rung = m_rung,
              .utility = m_utility,
              .ceiling = m_utility,
              .imitation = 0,
              .accepted = true},
             {}, {});
        for (int generation = 1; generation < m_experiment.ladder.generations; ++generation)
            if (!climb(generation)) break;
        return std::move(m_run);
    }

private:
    double ceiling(int rung) const
    {
        const double above = m_capacities[static_cast<std::size_t>(rung)] - m_capacities.front() + 1;
        constexpr double kChance = 1.0 / kClasses;
        return kChance + (m_model.top - kChance) * (1 - std::exp2(-above / m_model.halving));
    }

    double gapTo(int rung) const
    {
        return m_capacities[static_cast<std::size_t>(rung)] - m_capacities[static_cast<std::size_t>(m_rung)];
    }

    /// What a student on that rung would have, without luck.
    double expected(int rung) const
    {
        const double ratio = gapTo(rung) / m_model.reach;
        return m_utility + m_model.best * std::exp2(-ratio * ratio) * (ceiling(rung) - m_utility);
    }

    double imitation(int rung) const { return 1 - (1 - m_model.least) * std::exp2(-gapTo(rung) / m_model.reach); }

    Estimate seen(double share, double observations)
    {
        const auto n = std::max<long long>(1, std::llround(observations));
        const double bounded = std::clamp(share, 0.0, 1.0);
        const double error = std::sqrt(bounded * (1 - bounded) / static_cast<double>(n));
        const double value = std::clamp(bounded + error * m_rng.normal(), 0.0, 1.0);
        return evals::proportion(std::llround(value * static_cast<double>(n)), n);
    }

    /// Of a paired difference: pairs differ on about as many anchors as the rate of either's mistakes.
    Estimate seenGain(double gain)
    {
        const double error = std::sqrt(std::max(0.02, 1 - m_utility) / m_anchors);
        const double value = gain + error * m_rng.normal();
        return {value, value - 1.96 * error, value + 1.96 * error, m_anchors};
    }

    GapState state(int generation)
    {
        GapState known{.generation = generation,
                       .generations = m_experiment.ladder.generations,
                       .rung = m_rung,
                       .rungNames = {},
                       .capacities = m_capacities,
                       .history = m_history,
                       .forecasts = {},
                       .classes = kClasses,
                       .seed = m_seed};
        return known;
    }

    /// The heads on frozen bodies that the pipeline would tune, as far as the formulas go.
    std::vector<Forecast> forecasts()
    {
        std::vector<Forecast> all;
        for (int rung = m_rung + 1; rung < static_cast<int>(m_capacities.size()); ++rung) {
            const double there = expected(rung);
            Forecast forecast{.rung = rung,
                              .utility = seen(there, m_anchors),
                              .gain = seenGain(there - m_utility),
                              .lossByFlips = {}};
            for (const double flips : {0.0, 0.1, 0.2, 0.3, 0.4})
                forecast.lossByFlips.emplace_back(flips, 0.5 * flips * flips * (there - 1.0 / kClasses));
            all.push_back(std::move(forecast));
        }
        return all;
    }

    /// Makes generation i + 1; false when there is none.
    bool climb(int generation)
    {
        std::vector<int> failed;
        std::vector<Forecast> known;
        if (m_controller->forecasts()) known = forecasts();
        for (int tries = 0; tries < kMostTries; ++tries) {
            GapState now = state(generation);
            now.forecasts = known;
            const Decision decision = m_controller->nextGap(now);
            if (!decision.rung) {
                m_run.ending = decision.sentence;
                return false;
            }
            int rung = *decision.rung;
            if (std::find(failed.begin(), failed.end(), rung) != failed.end()) {
                rung = *std::min_element(failed.begin(), failed.end()) - 1;
                if (rung <= m_rung) {
                    m_run.ending = "Every rung that was left failed its gate.";
                    return false;
                }
            }
            if (attempt(generation + 1, rung, decision)) return true;
            failed.push_back(rung);
        }
        return false;
    }

    bool attempt(int generation, int rung, const Decision& decision)
    {
        const double utility =
            std::clamp(expected(rung) + m_model.spread * m_rng.normal(), 1.0 / kClasses, m_model.top);
        DryGeneration one{.generation = generation,
                          .rung = rung,
                          .wanted = decision.wanted,
                          .taken = gapTo(rung),
                          .utility = utility,
                          .ceiling = ceiling(rung),
                          .imitation = imitation(rung),
                          .accepted = true};
        const double before = m_utility;
        made(one, utility - before, decision.predictedGain);
        GapState now = state(generation - 1);
        const bool accepted = m_controller->judge(now).accepted;
        m_history.back().accepted = accepted;
        m_run.generations.back().accepted = accepted;
        if (!accepted) return false;
        m_rung = rung;
        m_utility = utility;
        return true;
    }

    void made(const DryGeneration& one, std::optional<double> gain, std::optional<double> predicted)
    {
        Attempt attempt;
        attempt.generation = one.generation;
        attempt.rung = one.rung;
        attempt.utility = seen(one.utility, m_anchors);
        if (gain) {
            attempt.gap = one.taken;
            attempt.gain = seenGain(*gain);
            attempt.predicted = predicted;
            attempt.imitation = seen(one.imitation, std::max(1.0, (1 - m_utility) * m_anchors));
        }
        attempt.diversity = 1;
        attempt.noiseUpper = std::min(1.0, 1 - attempt.utility.low);
        m_history.push_back(std::move(attempt));
        m_run.generations.push_back(one);
    }

    const spec::Experiment& m_experiment;
    const std::vector<double>& m_capacities;
    const DryModel m_model;
    const std::uint64_t m_seed;
    Rng m_rng;
    std::unique_ptr<GapController> m_controller;
    const int m_anchors;
    std::vector<Attempt> m_history;
    DryRun m_run;
    int m_rung = 0;
    double m_utility = 0;
};

/// The value below which this share of them lies; sorts them.
double quantile(std::vector<double>& values, double share)
{
    std::sort(values.begin(), values.end());
    const double at = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

} // namespace

DryRun dryRun(const spec::Experiment& experiment, const std::vector<double>& capacities, std::uint64_t seed,
              const DryModel& model)
{
    return Simulation(experiment, capacities, seed, model).run();
}

DrySummary dryRuns(const spec::Experiment& experiment, const std::vector<double>& capacities, int runs,
                   const DryModel& model)
{
    struct Values
    {
        std::vector<double> utility;
        std::vector<double> ceiling;
        std::vector<double> capacity;
    };
    std::map<int, Values> byGeneration;
    std::map<std::string, int> endings;
    DrySummary summary;
    for (int i = 0; i < runs; ++i) {
        const DryRun run = dryRun(experiment, capacities, static_cast<std::uint64_t>(i) + 1, model);
        for (const DryGeneration& one : run.generations) {
            if (!one.accepted) {
                summary.rolledBack += 1.0 / runs;
                continue;
            }
            Values& values = byGeneration[one.generation];
            values.utility.push_back(one.utility);
            values.ceiling.push_back(one.ceiling);
            values.capacity.push_back(capacities[static_cast<std::size_t>(one.rung)]);
        }
        if (!run.ending.empty()) ++endings[run.ending];
    }
    for (auto& [generation, values] : byGeneration)
        summary.steps.push_back({.generation = generation,
                                 .runs = static_cast<int>(values.utility.size()),
                                 .utility = quantile(values.utility, 0.5),
                                 .low = quantile(values.utility, 0.1),
                                 .high = quantile(values.utility, 0.9),
                                 .ceiling = quantile(values.ceiling, 0.5),
                                 .capacity = quantile(values.capacity, 0.5)});
    int early = 0;
    int most = 0;
    for (const auto& [sentence, count] : endings) {
        early += count;
        if (count <= most) continue;
        most = count;
        summary.ending = sentence;
    }
    if (2 * early <= runs) summary.ending.clear();
    return summary;
}

} // namespace gradus::controller
