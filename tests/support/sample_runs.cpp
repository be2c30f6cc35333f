// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/sample_runs.h"

#include "base/hash.h"
#include "base/rng.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

namespace gradus::tests {

namespace {

using events::StageKind;
using events::StageState;

struct RungFacts
{
    const char* name;
    std::int64_t parameters;
    double ceiling;
};
constexpr RungFacts kRungs[] = {{"8,1", 1200, 0.65},    {"16,1", 4000, 0.67},   {"16,2", 7000, 0.70},
                                {"32,2", 27000, 0.74},  {"48,3", 87000, 0.84},  {"64,4", 203000, 0.92},
                                {"96,4", 450000, 0.94}, {"128,4", 800000, 0.95}};

const RungFacts& rungOf(int generation)
{
    return kRungs[std::min<std::size_t>(static_cast<std::size_t>(generation), std::size(kRungs) - 1)];
}

Estimate around(double value, double half)
{
    return {.value = value, .low = value - half, .high = value + half, .n = 2000};
}

/// Writes one generation after the other; holds what the next one needs of the last.
class SampleWriter
{
public:
    SampleWriter(events::EventSink& sink, const SampleRun& run)
        : m_sink(sink), m_run(run), m_random(static_cast<std::uint64_t>(run.seed), "sample")
    {
    }

    void write(double fraction)
    {
        const std::int64_t total = static_cast<std::int64_t>(m_run.generations) * m_run.stepsPerGeneration;
        const auto last = static_cast<std::int64_t>(std::lround(fraction * static_cast<double>(total)));
        for (int g = 1; g <= m_run.generations && (g - 1) * m_run.stepsPerGeneration <= last; ++g) {
            if (g > 1 && (g - 1) * m_run.stepsPerGeneration == last && fraction < 1) break;
            generation(g, last);
        }
        const int now = std::min<int>(m_run.generations, static_cast<int>(last / m_run.stepsPerGeneration) + 1);
        m_sink.progress({.fraction = fraction,
                         .secondsLeft = fraction < 1 ? 200 * (1 - fraction) : 0,
                         .generation = now,
                         .generations = m_run.generations,
                         .activity = "generation " + std::to_string(now) + " of " + std::to_string(m_run.generations) +
                                     ", competence: step " + std::to_string(last % m_run.stepsPerGeneration) + " of " +
                                     std::to_string(m_run.stepsPerGeneration),
                         .step = last,
                         .tokensPerSecond = 48000});
    }

private:
    void generation(int g, std::int64_t last)
    {
        const std::int64_t first = static_cast<std::int64_t>(g - 1) * m_run.stepsPerGeneration;
        const std::int64_t end = std::min<std::int64_t>(first + m_run.stepsPerGeneration, last);
        const bool finished = end == first + m_run.stepsPerGeneration;
        events::GenerationRecord record;
        record.generation = g;
        record.rung = rungOf(g).name;
        record.parameters = rungOf(g).parameters;
        record.capacity = std::log10(static_cast<double>(record.parameters));
        record.capacityProxy = "log10 parameters";
        record.firstStep = first;
        if (g > 1) decision(record, first);
        m_sink.generation(record);
        m_sink.stage({g, StageKind::Competence, StageState::Running, first, sha256("in"), "", ""});
        steps(g, first, end);
        if (!finished) return;
        finish(record, end);
    }

    void decision(events::GenerationRecord& record, std::int64_t step)
    {
        const double gap =
            rungOf(record.generation).parameters / static_cast<double>(rungOf(record.generation - 1).parameters);
        record.gap = std::log10(gap);
        m_sink.point({"gap/delta", step, *record.gap});
        char text[200];
        std::snprintf(
            text, sizeof text,
            "Gap %.2f for generation %d: the drawn curve asks for %.2f at %.0f %% of the run, the nearest rung "
            "is %s.",
            *record.gap, record.generation, *record.gap + 0.03,
            100.0 * (record.generation - 1) / std::max(1, m_run.generations - 1), record.rung.c_str());
        m_sink.event({"gap.decision", record.generation, step, text, "{}"});
    }

    void steps(int g, std::int64_t first, std::int64_t end)
    {
        const double ceiling = rungOf(g).ceiling;
        const double weak = m_utility;
        const double target = g == 1 ? ceiling : weak + 0.45 * std::max(0.0, ceiling - weak);
        const std::int64_t every = std::max(1, m_run.stepsPerGeneration / m_run.evaluationsPerGeneration);
        for (std::int64_t step = first + 1; step <= end; ++step) {
            const double t = static_cast<double>(step - first) / m_run.stepsPerGeneration;
            m_sink.point({"train/loss", step, 0.69 * std::exp(-1.6 * t) + 0.12 + 0.03 * m_random.normal()});
            if (step % 4 == 0) {
                m_sink.point(
                    {"train/accuracy_noisy", step, 0.55 + 0.34 * (1 - std::exp(-4 * t)) + 0.008 * m_random.normal()});
                m_sink.point(
                    {"train/accuracy_clean", step, 0.55 + 0.24 * (1 - std::exp(-5 * t)) + 0.008 * m_random.normal()});
            }
            if (step % every != 0) continue;
            m_utility = 0.5 + (target - 0.5) * (1 - std::exp(-4.5 * t)) + 0.004 * m_random.normal();
            evaluation(g, step, t);
        }
        m_ceiling = ceiling;
        m_weak = weak;
    }

    void evaluation(int g, std::int64_t step, double t)
    {
        m_sink.estimate({"utility/competence", step, around(m_utility, 0.019)});
        m_sink.point({"entropy/label", step, 0.64 - 0.30 * t + 0.01 * m_random.normal()});
        if (g == 1) return;
        m_sink.estimate({"imitation/rate", step, around(0.48 + 0.04 * g + 0.10 * t, 0.031)});
        m_sink.estimate({"imitation/excess", step, around(0.05 + 0.05 * t, 0.028)});
        m_sink.estimate({"memorisation", step, around(0.10 + 0.25 * t, 0.020)});
    }

    void finish(events::GenerationRecord& record, std::int64_t end)
    {
        const int g = record.generation;
        record.lastStep = end;
        record.utility = around(m_utility, 0.019);
        record.ceiling = around(m_ceiling, 0.015);
        m_sink.estimate({"utility/ceiling", end, *record.ceiling});
        if (g > 1) {
            record.weak = around(m_weak, 0.019);
            record.imitation = around(0.58 + 0.04 * g, 0.031);
            record.excessImitation = around(0.10, 0.028);
            record.memorisation = around(0.35, 0.020);
            if (m_ceiling - m_weak < 0.04)
                record.pgrRefusal = "PGR not shown: ceiling minus weak is below 2 SE";
            else
                record.pgr = around((m_utility - m_weak) / (m_ceiling - m_weak), 0.16);
        }
        record.checkpointHash = sha256(record.rung);
        m_sink.generation(record);
        m_sink.stage({g, StageKind::Competence, StageState::Finished, end, sha256("in"), record.checkpointHash, ""});
        for (const StageKind kind : {StageKind::Discovery, StageKind::Alignment})
            m_sink.stage({g, kind, StageState::Skipped, end, "", "", "no sandboxed domain configured for this task"});
        m_sink.event({"checkpoint", g, end, "Checkpoint of generation " + std::to_string(g) + " written.", "{}"});
    }

    events::EventSink& m_sink;
    SampleRun m_run;
    Rng m_random;
    double m_utility = 0.5;
    double m_ceiling = 0;
    double m_weak = 0;
};

} // namespace

std::vector<std::int64_t> addSampleExperiment(store::StoreWriter& writer, const std::string& name,
                                              const std::vector<std::string>& conditions,
                                              const std::vector<std::int64_t>& seeds, int generations)
{
    spec::Experiment experiment;
    experiment.experiment.name = name;
    experiment.experiment.seeds = seeds;
    experiment.ladder.generations = generations;
    experiment.gap.curve.keys = {
        {.x = 0, .y = 0.3, .interpolation = schedule::Interpolation::Monotone, .left = {}, .right = {}},
        {.x = 1, .y = 0.9, .interpolation = schedule::Interpolation::Monotone, .left = {}, .right = {}}};
    std::vector<spec::RunSpec> runs;
    for (const std::string& condition : conditions.empty() ? std::vector<std::string>{""} : conditions)
        for (const std::int64_t seed : seeds) {
            spec::RunSpec run{.condition = condition.empty() ? "" : "gap.controller = " + condition,
                              .seed = seed,
                              .experiment = experiment};
            run.experiment.experiment.seeds = {seed};
            if (!condition.empty()) run.experiment.gap.controller = condition;
            runs.push_back(run);
        }
    const auto ids = writer.addRuns(experiment, spec::canonicalToml(experiment), runs);
    if (!ids) std::fprintf(stderr, "%s\n", ids.error().message.c_str());
    return ids ? *ids : std::vector<std::int64_t>{};
}

void writeSampleSteps(store::StoreWriter& writer, const SampleRun& run, double fraction)
{
    SampleWriter(writer.sink(run.runId), run).write(fraction);
}

void writeRunningRun(store::StoreWriter& writer, const SampleRun& run, double fraction)
{
    if (const auto claimed = writer.claim(run.runId); !claimed)
        std::fprintf(stderr, "%s\n", claimed.error().message.c_str());
    writeSampleSteps(writer, run, fraction);
}

void writeFinishedRun(store::StoreWriter& writer, const SampleRun& run)
{
    writeRunningRun(writer, run, 1);
    writer.setState(run.runId, store::RunState::Finished);
}

void writeFailedRun(store::StoreWriter& writer, const SampleRun& run, double fraction, const std::string& sentence)
{
    writeRunningRun(writer, run, fraction);
    writer.setState(run.runId, store::RunState::Failed, sentence);
}

} // namespace gradus::tests
