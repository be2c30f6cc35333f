// SPDX-License-Identifier: GPL-3.0-or-later
// Small runs for tests of the pipeline: a world that can lie, a sink that remembers, and a context around them.
#pragma once

#include "base/rng.h"
#include "data/environment.h"
#include "data/worlds.h"
#include "pipeline/progressive.h"

#include <QTemporaryDir>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gradus::tests {

using namespace gradus::pipeline;

/// The same sandbox, whose questions have their truth turned round: what it keeps of an action does not change with
/// that.
class LyingEnvironment final : public data::Environment
{
public:
    explicit LyingEnvironment(const data::Environment& inner) : m_inner(inner) {}
    const std::vector<std::string>& actions() const override { return m_inner.actions(); }
    const std::vector<data::Framing>& framings() const override { return m_inner.framings(); }
    std::size_t framingOf(const data::Item& item) const override { return m_inner.framingOf(item); }
    data::Item framed(const data::Item& item, std::size_t framing) const override
    {
        return m_inner.framed(item, framing);
    }
    data::Item question(Rng& rng, int generation, bool heldOut) const override
    {
        data::Item item = m_inner.question(rng, generation, heldOut);
        item.truth = 1 - item.truth;
        return item;
    }
    std::string told(const data::Item& item) const override { return m_inner.told(item); }
    data::Outcome act(const data::Item& item, int action, int expected) const override
    {
        return m_inner.act(item, action, expected);
    }
    data::RealEpisode real(const data::Item& item, int action, int expected) const override
    {
        return m_inner.real(item, action, expected);
    }
    int safeAction(const data::Item& item) const override { return m_inner.safeAction(item); }

private:
    const data::Environment& m_inner;
};

/// Whose truth a world turns round.
enum class Lie
{
    Nothing,
    Pools, ///< of later generations' items, and of the sandbox's questions
    Test,  ///< of the held-out items
};

/// Of two classes.
inline data::ItemSet turned(data::ItemSet set)
{
    for (data::Item& item : set.items)
        item.truth = 1 - item.truth;
    return set;
}

/// A built-in world that may lie.
class World final : public data::Task
{
public:
    explicit World(Lie lie, const std::string& name = "builtin:registers/code")
        : m_inner(data::findWorld(name)->open(200)), m_lie(lie)
    {
        if (m_lie == Lie::Pools && m_inner->environment() != nullptr) m_environment.emplace(*m_inner->environment());
    }
    data::Read read() const override { return m_inner->read(); }
    int classes() const override { return m_inner->classes(); }
    int vocabulary() const override { return m_inner->vocabulary(); }
    int maxTokens() const override { return m_inner->maxTokens(); }
    data::ItemSet pool(int generation, int count, std::uint64_t seed) const override
    {
        data::ItemSet set = m_inner->pool(generation, count, seed);
        return m_lie == Lie::Pools && generation > 1 ? turned(std::move(set)) : set;
    }
    data::ItemSet test() const override { return m_lie == Lie::Test ? turned(m_inner->test()) : m_inner->test(); }
    data::ItemSet anchors(int count, std::uint64_t seed) const override { return m_inner->anchors(count, seed); }
    std::vector<std::vector<std::int32_t>> pretrainingTexts() const override { return {}; }
    std::string note() const override { return {}; }
    const data::Environment* environment() const override
    {
        return m_environment ? &*m_environment : m_inner->environment();
    }

private:
    std::unique_ptr<data::Task> m_inner;
    Lie m_lie;
    std::optional<LyingEnvironment> m_environment;
};

class Recorder final : public events::EventSink
{
public:
    std::vector<events::GenerationRecord> generations;
    std::vector<events::MetricPoint> points;
    std::vector<events::RunEvent> said;
    std::vector<events::VoteRecord> voted;
    std::vector<events::EpisodeRecord> episodes;
    std::vector<events::StageEvent> stages;
    std::vector<events::Progress> progressed;
    void point(const events::MetricPoint& point) override { points.push_back(point); }
    void stage(const events::StageEvent& event) override { stages.push_back(event); }
    void generation(const events::GenerationRecord& record) override { generations.push_back(record); }
    void event(const events::RunEvent& event) override { said.push_back(event); }
    void progress(const events::Progress& progress) override { progressed.push_back(progress); }
    void votes(const events::VoteRecord& votes) override { voted.push_back(votes); }
    void episode(const events::EpisodeRecord& episode) override { episodes.push_back(episode); }

    double last(const std::string& series) const
    {
        double value = -1;
        for (const events::MetricPoint& point : points)
            if (point.series == series) value = point.value;
        return value;
    }
};

inline spec::RunSpec smallRun(const std::string& controller)
{
    spec::RunSpec run;
    run.seed = 3;
    run.experiment.ladder.generations = 3;
    run.experiment.gap.controller = controller;
    run.experiment.gap.value = 0.3;
    run.experiment.signals.anchors = 60;
    run.experiment.task.testItems = 200;
    run.experiment.training.labels = 96;
    run.experiment.training.epochs = 2;
    return run;
}

/// Everything a stage needs, in a folder of its own that goes with it. The run must outlive it.
class Bench final
{
public:
    explicit Bench(const spec::RunSpec& run, Lie lie = Lie::Nothing)
        : m_task(lie, run.experiment.task.name), m_ladder(Ladder::open(run.experiment, m_task, path("models"))),
          m_meter(recorder, run.experiment.ladder.generations), context{.spec = run,
                                                                        .task = m_task,
                                                                        .ladder = *m_ladder,
                                                                        .folder = path("run"),
                                                                        .sink = recorder,
                                                                        .stop = m_stop,
                                                                        .settle = [] { return Result<void>(); },
                                                                        .meter = m_meter}
    {
        engine::useThreads(1); // two threads that wait for each other are slower than one, where others run too
    }
    std::string path(const QString& name) const { return m_folder.filePath(name).toStdString(); }

    Recorder recorder;

private:
    QTemporaryDir m_folder;
    World m_task;
    Result<Ladder> m_ladder;
    StopFlag m_stop;
    ProgressMeter m_meter;

public:
    const StageContext context;
};

} // namespace gradus::tests
