// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/drawn_batch.h"

#include "data/fingerprint.h"
#include "engine/batches.h"
#include "pipeline/competence_stage.h"
#include "pipeline/plan.h"
#include "pipeline/run_items.h"
#include "pipeline/signal_desk.h"
#include "pipeline/supervision.h"
#include "run/workbench.h"
#include "spec/drawn.h"

namespace gradus::run {

namespace {

/// Nobody listens to a draw.
class Deaf final : public events::EventSink
{
public:
    void point(const events::MetricPoint&) override {}
    void stage(const events::StageEvent&) override {}
    void generation(const events::GenerationRecord&) override {}
    void event(const events::RunEvent&) override {}
    void progress(const events::Progress&) override {}
};

/// Why the source has no answer before the run; empty where it has one.
std::string absenceOf(const spec::SignalSource& source, const std::vector<spec::SignalSource>& all)
{
    if (!source.folder.empty()) return "its folder is read by the run";
    if (source.kind == "model" && source.rung >= 0) return "its model is trained by the run";
    if (source.kind == "model" || source.kind == "ensemble" || source.kind == "persona")
        return "it asks generations that the run has yet to make";
    for (const spec::SignalSource& other : all)
        if (!source.like.empty() && other.name == source.like)
            if (const std::string why = absenceOf(other, all); !why.empty())
                return "it errs like \"" + other.name + "\"";
    return {};
}

DrawnItem itemOf(const data::Item& item)
{
    DrawnItem drawn{.name = data::itemName(data::itemNumber(item)), .texts = item.texts, .truth = item.truth};
    if (drawn.texts.empty())
        for (const auto& sequence : item.sequences) {
            std::string ids;
            for (const auto id : sequence)
                ids += (ids.empty() ? "" : " ") + std::to_string(id);
            drawn.texts.push_back(std::move(ids));
        }
    return drawn;
}

/// Rung of the generation as the plan places it.
int plannedRung(const pipeline::StageContext& context, int generation)
{
    int rung = context.spec.experiment.ladder.start;
    for (const auto& planned : pipeline::planGenerations(context.spec.experiment, context.ladder.capacities()))
        if (planned.generation <= generation) rung = planned.rung;
    return rung;
}

/// The items of the run's first batch, by their places in the pool; taught: places of those that it is drawn from.
std::vector<std::size_t> firstBatch(const pipeline::StageContext& context, const data::ItemSet& pool,
                                    const std::vector<std::size_t>& taught, int generation, double& itemTokens)
{
    const pipeline::RungItems read =
        context.ladder.read(plannedRung(context, generation), pipeline::chosen(pool, taught));
    const engine::TuningOptions options = pipeline::tuningOptions(context, generation, false);
    double tokens = 0;
    for (const auto& item : read.items)
        for (const auto& sequence : item)
            tokens += static_cast<double>(sequence.size());
    if (!read.items.empty()) itemTokens = tokens / static_cast<double>(read.items.size());
    const auto batches = engine::epochBatches(engine::itemLengths(read.items), options.batch, options.seed, 0);
    std::vector<std::size_t> places;
    if (!batches.empty())
        for (const std::int64_t index : batches.front())
            places.push_back(taught[static_cast<std::size_t>(index)]);
    return places;
}

} // namespace

Result<DrawnBatch> drawBatch(const spec::Experiment& experiment, int generation, std::int64_t seed,
                             const std::filesystem::path& modelsFolder)
{
    auto runs = spec::expand(experiment);
    if (!runs) return runs.error();
    spec::RunSpec spec = runs->front();
    spec.seed = seed;
    const int generations = spec.experiment.ladder.generations;
    if (generation < 2 || generation > generations)
        return badInput("Generation " + std::to_string(generation) + " is labelled by no source; name one from 2 to " +
                        std::to_string(generations) + ".");
    spec.experiment = spec::atGeneration(spec.experiment, generation);
    const std::vector<spec::SignalSource> all = spec.experiment.signals.sources;
    DrawnBatch drawn{.generation = generation, .seed = seed};
    std::vector<spec::SignalSource> asked;
    for (const spec::SignalSource& source : all) {
        DrawnSource shown{.name = source.name,
                          .kind = source.kind,
                          .weight = spec::weightAt(source, generation, generations),
                          .why = absenceOf(source, all)};
        if (shown.why.empty()) asked.push_back(source);
        drawn.sources.push_back(std::move(shown));
    }
    const auto bench = Workbench::open({spec}, modelsFolder);
    if (!bench) return bench.error();
    const Workbench::Place& place = bench->placeOf(spec.experiment);
    spec.experiment.signals.sources = asked; // streams are named by the source, so that fewer draw the same
    Deaf sink;
    const StopFlag stop;
    pipeline::ProgressMeter meter(sink, generations);
    const pipeline::StageContext context{.spec = spec,
                                         .task = *place.task,
                                         .ladder = *place.ladder,
                                         .folder = {},
                                         .sink = sink,
                                         .stop = stop,
                                         .settle = [] { return Result<void>(); },
                                         .meter = meter};
    const data::ItemSet pool = pipeline::poolOf(context, generation);
    drawn.pool = pool.items.size();
    std::optional<pipeline::Labels> labels;
    if (!asked.empty()) {
        pipeline::SignalDesk desk(context);
        const auto supervisor = desk.supervisorOf(generation, {});
        if (!supervisor) return supervisor.error();
        auto said = (*supervisor)->label(pool);
        if (!said) return said.error();
        labels = std::move(*said);
    }
    // Nobody is taught an item of which no source says anything; who says nothing is only known where all were asked.
    const bool allAsked = labels && asked.size() == all.size();
    std::vector<std::size_t> taught;
    for (std::size_t at = 0; at < pool.items.size(); ++at)
        if (!allAsked || labels->opinions.labels[at] != signals::kAbstain) taught.push_back(at);
    for (const std::size_t at : firstBatch(context, pool, taught, generation, drawn.itemTokens)) {
        DrawnItem item = itemOf(pool.items[at]);
        for (const DrawnSource& source : drawn.sources) {
            std::optional<int> label;
            if (labels && labels->panel)
                for (const signals::SourceVotes& votes : labels->panel->table.sources)
                    if (votes.name == source.name && votes.labels[at] != signals::kAbstain) label = votes.labels[at];
            item.labels.push_back(label);
        }
        if (labels && labels->opinions.labels[at] != signals::kAbstain) item.pooled = labels->opinions.labels[at];
        drawn.items.push_back(std::move(item));
    }
    return drawn;
}

} // namespace gradus::run
