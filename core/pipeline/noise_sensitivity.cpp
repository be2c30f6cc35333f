// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/noise_sensitivity.h"

#include "data/fingerprint.h"
#include "pipeline/baseline.h"
#include "pipeline/competence_stage.h"
#include "pipeline/plan.h"
#include "pipeline/run_items.h"
#include "pipeline/signal_desk.h"
#include "pipeline/supervision.h"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

namespace gradus::pipeline {

namespace {

/// What one source says, as it says it: a pool would weigh it and might turn it round.
class SoleSupervisor final : public Supervisor
{
public:
    SoleSupervisor(const StageContext& context, std::shared_ptr<const Source> source)
        : m_context(context), m_source(std::move(source))
    {
    }
    Result<Labels> label(const data::ItemSet& set) const override
    {
        auto votes = m_source->votes(set);
        if (!votes) return votes.error();
        Labels labels;
        labels.opinions.probabilities = oneHot(votes->labels, m_context.task.classes());
        labels.opinions.labels = std::move(votes->labels);
        return labels;
    }

private:
    const StageContext& m_context;
    std::shared_ptr<const Source> m_source;
};

/// From where on labels mislead, in words.
std::string limitText(const spec::SignalSource& source, int classes)
{
    char text[120] = "";
    if (source.noise == "wrong-only")
        std::snprintf(text, sizeof text,
                      "; at rate %.2f they say nothing, beyond it a wrong class is likelier than the right one",
                      signals::uninformativeRate(classes));
    else if (source.noise == "uniform")
        std::snprintf(text, sizeof text, "; at rate 1 they say nothing, and chance is %.2f", 1.0 / classes);
    return text;
}

/// Every label as it was taught, and in one event how many of them are wrong.
Result<void> reportNoise(const StageContext& context, const Supervisor& supervisor)
{
    const spec::SignalSource& source = *spec::soleSource(context.spec.experiment.signals);
    const data::ItemSet pool = poolOf(context, 1);
    auto labels = supervisor.label(pool);
    if (!labels) return labels.error();
    const std::vector<int> truth = truthOf(pool);
    std::size_t wrong = 0;
    events::VoteRecord votes{.generation = 1,
                             .source = source.name,
                             .kind = source.kind,
                             .items = {},
                             .labels = std::move(labels->opinions.labels),
                             .probabilities = {}};
    for (std::size_t i = 0; i < pool.items.size(); ++i) {
        votes.items.push_back(data::itemNumber(pool.items[i]));
        wrong += votes.labels[i] != truth[i] ? 1 : 0;
    }
    const double share = static_cast<double>(wrong) / static_cast<double>(std::max<std::size_t>(truth.size(), 1));
    const int classes = context.task.classes();
    nlohmann::ordered_json details{{"source", source.name},      {"noise", source.noise}, {"rate", source.rate},
                                   {"items", pool.items.size()}, {"wrong", wrong},        {"classes", classes},
                                   {"chance", 1.0 / classes}};
    if (source.noise == "wrong-only") details["uninformative_rate"] = signals::uninformativeRate(classes);
    char sentence[160];
    std::snprintf(sentence, sizeof sentence, "%.1f %% of the %zu labels are wrong: %s noise at rate %.2f", 100 * share,
                  pool.items.size(), source.noise.c_str(), source.rate);
    context.sink.votes(votes);
    context.sink.point({"noise/wrong", 0, share});
    context.sink.event({.kind = kNoiseEvent,
                        .generation = 1,
                        .step = 0,
                        .sentence = sentence + limitText(source, classes) + ".",
                        .detailsJson = details.dump()});
    return {};
}

} // namespace

Result<void> runNoiseSensitivity(const StageContext& context, const Past& past)
{
    context.meter.setTotal(plannedWork(context.spec.experiment, context.task, context.ladder));
    if (const auto line = reportBaseline(context); !line) return line.error();
    if (const auto* done = finishedRecord(past, 1);
        done != nullptr && weightsReadBack(context.weightsOf(1), done->checkpointHash)) {
        context.meter.finish(*done->lastStep, 1);
        return {};
    }
    const int rung = context.spec.experiment.ladder.start;
    context.meter.begin(1, "rung " + context.ladder.at(rung).name, 0);
    SignalDesk desk(context);
    auto source = desk.sourceNamed(spec::soleSource(context.spec.experiment.signals)->name);
    if (!source) return source.error();
    const SoleSupervisor supervisor(context, std::move(*source));
    if (const auto told = reportNoise(context, supervisor); !told) return told.error();
    auto trained = runCompetence(context, {.generation = 1,
                                           .rung = rung,
                                           .supervisor = &supervisor,
                                           .predecessor = nullptr,
                                           .hasCeiling = false,
                                           .gap = {},
                                           .firstStep = 0,
                                           .earlierUtility = past.utility});
    if (!trained) return trained.error();
    trained->record.flops = *trained->record.flops + desk.flops();
    context.sink.generation(trained->record);
    context.meter.finish(*trained->record.lastStep, 1);
    return {};
}

} // namespace gradus::pipeline
