// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/signal_desk.h"

#include "base/files.h"
#include "base/hash.h"
#include "data/environment.h"
#include "data/fingerprint.h"
#include "pipeline/competence_stage.h"
#include "pipeline/folder_source.h"
#include "pipeline/human_labels.h"
#include "pipeline/person_verdicts.h"
#include "pipeline/plan.h"
#include "pipeline/run_items.h"
#include "signals/aggregate.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gradus::pipeline {

namespace {

Error faultOf(const spec::SignalSource& source, const std::string& sentence)
{
    Error error = badInput("Source \"" + source.name + "\" " + sentence);
    error.key = "signals.source";
    return error;
}

/// A source that takes part in a generation.
struct Voice
{
    const spec::SignalSource* source = nullptr;
    double weight = 1;
    std::shared_ptr<const Source> asks;
};

/// Takes back what a source said of items that are not its part. The order that parts are cut from is drawn from the
/// items' content and the run's seed; items after the first `asked` (anchors) are everybody's.
void keepPart(std::vector<int>& labels, const std::vector<std::int64_t>& numbers, std::size_t asked,
              const std::vector<double>& part, std::uint64_t seed)
{
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    for (std::size_t i = 0; i < asked; ++i)
        order.emplace_back(splitHash(data::itemName(numbers[i]), seed), i);
    std::sort(order.begin(), order.end());
    const auto count = static_cast<double>(asked);
    const auto from = static_cast<std::size_t>(std::llround(part[0] * count));
    const auto to = static_cast<std::size_t>(std::llround(part[1] * count));
    for (std::size_t rank = 0; rank < asked; ++rank)
        if (rank < from || rank >= to) labels[order[rank].second] = signals::kAbstain;
}

/// Several sources, pooled anew for every set that is asked about.
class PooledSupervisor final : public Supervisor
{
public:
    PooledSupervisor(const StageContext& context, const data::ItemSet& anchors, std::vector<Voice> voices)
        : m_context(context), m_anchors(anchors), m_voices(std::move(voices))
    {
    }

    Result<Labels> label(const data::ItemSet& set) const override
    {
        data::ItemSet joint = set;
        joint.items.insert(joint.items.end(), m_anchors.items.begin(), m_anchors.items.end());
        Panel panel;
        panel.asked = set.items.size();
        panel.table = {.classes = m_context.task.classes(), .items = joint.items.size(), .sources = {}};
        for (const data::Item& item : joint.items)
            panel.numbers.push_back(data::itemNumber(item));
        for (std::size_t a = 0; a < m_anchors.items.size(); ++a) {
            panel.anchors.items.push_back(set.items.size() + a);
            panel.anchors.truth.push_back(m_anchors.items[a].truth);
        }
        if (const auto asked = askAll(joint, panel); !asked) return asked.error();
        return panel.table.sources.empty() ? nobody(std::move(panel)) : pooled(std::move(panel));
    }

private:
    Result<void> askAll(const data::ItemSet& joint, Panel& panel) const
    {
        for (const Voice& voice : m_voices) {
            m_context.safePoint();
            if (m_context.stop.requested()) return Error{"Stopped while sources were asked.", ErrorKind::Stopped};
            auto votes = voice.asks->votes(joint);
            if (!votes) return votes.error();
            if (!voice.source->part.empty())
                keepPart(votes->labels, panel.numbers, panel.asked, voice.source->part,
                         m_context.seedFor("signals/parts"));
            if (std::all_of(votes->labels.begin(), votes->labels.end(),
                            [](int label) { return label == signals::kAbstain; })) {
                panel.silent.push_back(voice.source->name);
                continue;
            }
            votes->name = voice.source->name;
            votes->weight = voice.weight;
            votes->family = spec::familyOf(*voice.source);
            panel.table.sources.push_back(std::move(*votes));
            panel.kinds.push_back(voice.source->kind);
            panel.backgrounds.push_back(voice.asks->background());
        }
        return {};
    }

    static Labels nobody(Panel panel)
    {
        const std::size_t classes = static_cast<std::size_t>(panel.table.classes);
        Labels labels;
        labels.opinions.labels.assign(panel.asked, signals::kAbstain);
        labels.opinions.probabilities.assign(panel.asked * classes, 1.0F / static_cast<float>(classes));
        labels.panel = std::move(panel);
        return labels;
    }

    Result<Labels> pooled(Panel panel) const
    {
        const auto method = signals::aggregateOf(m_context.spec.experiment.signals.aggregate);
        auto made = signals::aggregate(method.value(), panel.table, panel.anchors);
        if (!made) return made.error();
        Labels labels;
        const auto classes = static_cast<std::ptrdiff_t>(panel.table.classes);
        const auto asked = static_cast<std::ptrdiff_t>(panel.asked);
        labels.opinions.probabilities.assign(made->posterior.begin(), made->posterior.begin() + asked * classes);
        labels.opinions.labels.assign(made->labels.begin(), made->labels.begin() + asked);
        for (std::size_t i = 0; i < panel.asked; ++i)
            if (std::all_of(panel.table.sources.begin(), panel.table.sources.end(),
                            [i](const signals::SourceVotes& votes) { return votes.labels[i] == signals::kAbstain; }))
                labels.opinions.labels[i] = signals::kAbstain;
        panel.pooled = std::move(*made);
        labels.panel = std::move(panel);
        return labels;
    }

    const StageContext& m_context;
    const data::ItemSet& m_anchors;
    std::vector<Voice> m_voices;
};

} // namespace

Result<void> checkSources(const spec::Experiment& experiment, const data::Task& task)
{
    const auto classes = static_cast<std::size_t>(task.classes());
    const std::string& people = experiment.conformity.personFile;
    if (task.environment() != nullptr && !people.empty())
        if (const auto read = readPersonVerdicts(people, task.environment()->actions()); !read) return read.error();
    for (const spec::SignalSource& source : experiment.signals.sources) {
        if (!source.lean.empty() && source.lean.size() != classes)
            return faultOf(source, "leans over " + std::to_string(source.lean.size()) + " classes, and the task has " +
                                       std::to_string(classes) + "; give one number a class.");
        if (!source.matrix.empty() && source.matrix.size() != classes * classes)
            return faultOf(source, "has a matrix of " + std::to_string(source.matrix.size()) +
                                       " numbers, and the task needs " + std::to_string(classes) + " rows of " +
                                       std::to_string(classes) + ".");
        if (!source.folder.empty())
            if (const auto fits = checkFolderSource(source, task); !fits) return fits.error();
        if (source.kind == "human")
            if (const auto labels = readHumanLabels(source, task.classes()); !labels) return labels.error();
        if (source.kind != "synthetic") continue;
        const std::vector<float> evenly(classes, 1.0F / static_cast<float>(classes));
        const signals::NoiseRequest request{.kind = noiseKindOf(source.noise),
                                            .rate = source.rate,
                                            .classes = task.classes(),
                                            .seed = 0,
                                            .matrix = source.matrix,
                                            .teacher = source.like.empty() ? std::vector<float>{} : evenly};
        if (const auto sound = signals::corrupt(std::vector<int>{0}, request); !sound)
            return faultOf(source, "cannot be drawn: " + sound.error().message);
    }
    return {};
}

SignalDesk::SignalDesk(const StageContext& context)
    : m_context(context), m_sources(context.spec.experiment.signals.sources),
      m_anchors(m_sources.empty() ? data::ItemSet{} : anchorsOf(context))
{
}

std::size_t SignalDesk::deepest() const
{
    int deepest = 1;
    for (const spec::SignalSource& source : m_sources)
        if (spec::looksBack(source)) deepest = std::max(deepest, source.back);
    return static_cast<std::size_t>(deepest);
}

Result<std::unique_ptr<Supervisor>> SignalDesk::supervisorOf(int generation, const std::vector<Ancestor>& ancestors)
{
    if (!pools()) return std::unique_ptr<Supervisor>(std::make_unique<Predecessor>(m_context, ancestors.front()));
    std::vector<Voice> voices;
    for (const spec::SignalSource& source : m_sources) {
        const double weight = spec::weightAt(source, generation, m_context.spec.experiment.ladder.generations);
        if (weight <= 0) continue;
        auto asks = sourceOf(source, ancestors);
        if (!asks) return asks.error();
        voices.push_back({&source, std::min(weight, 1.0), std::move(*asks)});
    }
    return std::unique_ptr<Supervisor>(std::make_unique<PooledSupervisor>(m_context, m_anchors, std::move(voices)));
}

Result<std::shared_ptr<const Source>> SignalDesk::sourceNamed(const std::string& name)
{
    const auto source = std::find_if(m_sources.begin(), m_sources.end(),
                                     [&](const spec::SignalSource& one) { return one.name == name; });
    return sourceOf(*source, {});
}

Result<std::shared_ptr<const Source>> SignalDesk::sourceOf(const spec::SignalSource& source,
                                                           const std::vector<Ancestor>& ancestors)
{
    using Made = std::shared_ptr<const Source>;
    if (source.kind == "human") {
        auto& labels = m_human[source.name];
        if (!labels) {
            auto read = readHumanLabels(source, m_context.task.classes());
            if (!read) return read.error();
            labels = std::make_shared<const HumanLabels>(std::move(*read));
        }
        return Made(std::make_shared<HumanSource>(labels));
    }
    if (source.kind == "truth")
        return Made(std::make_shared<TruthSource>(source.share, m_context.seedFor("source/" + source.name)));
    if (source.kind == "synthetic") {
        Made like;
        for (const spec::SignalSource& other : m_sources)
            if (!source.like.empty() && other.name == source.like) {
                auto shape = sourceOf(other, ancestors);
                if (!shape) return shape.error();
                like = std::move(*shape);
            }
        const std::string stream = source.stream.empty() ? "source/" + source.name : "stream/" + source.stream;
        return Made(std::make_shared<SyntheticSource>(signals::NoiseRequest{.kind = noiseKindOf(source.noise),
                                                                            .rate = source.rate,
                                                                            .classes = m_context.task.classes(),
                                                                            .seed = m_context.seedFor(stream),
                                                                            .matrix = source.matrix,
                                                                            .teacher = {}},
                                                      std::move(like)));
    }
    if (!source.folder.empty()) {
        auto& reader = m_folders[source.name];
        if (!reader) {
            auto opened = FolderSource::open(m_context, source, folderOf(source));
            if (!opened) return opened.error();
            reader = std::move(*opened);
        }
        return reader;
    }
    if (source.rung >= 0) {
        auto own = ownSupervisor(source);
        if (!own) return own.error();
        return Made(std::make_shared<ModelSource>(m_context, std::vector<Ancestor>{std::move(*own)}, source));
    }
    const std::size_t back = std::min(static_cast<std::size_t>(source.back), ancestors.size());
    const auto last = ancestors.begin() + static_cast<std::ptrdiff_t>(back);
    std::vector<Ancestor> models(source.kind == "ensemble" ? ancestors.begin() : last - 1, last);
    return Made(std::make_shared<ModelSource>(m_context, std::move(models), source));
}

std::filesystem::path SignalDesk::folderOf(const spec::SignalSource& source) const
{
    const auto place = static_cast<std::size_t>(&source - m_sources.data());
    return m_context.folder / ("source-" + std::to_string(place + 1));
}

Result<Ancestor> SignalDesk::ownSupervisor(const spec::SignalSource& source)
{
    const auto known = m_own.find(source.name);
    if (known != m_own.end()) return known->second;
    const spec::Training& training = m_context.spec.experiment.training;
    const LadderRung rung = m_context.ladder.built(source.rung, source.architecture);
    const std::string purpose = "source/" + source.name;
    const data::ItemSet pool = m_context.task.pool(1, labelsFor(training, 1), m_context.seedFor(purpose + "/pool"));
    const RungItems items = m_context.ladder.read(source.rung, pool);
    m_flops += trainingFlops(rung, items.items, training.epochs);
    const auto folder = folderOf(source);
    const auto weights = folder / "weights.safetensors";
    const auto seal = folder / "weights.sha256";
    const auto keep = [&](engine::TunedModel model) {
        return m_own[source.name] = {std::make_shared<const engine::TunedModel>(std::move(model)), source.rung};
    };
    const auto sealed = readFile(seal);
    const auto hash = sha256OfFile(weights);
    const double planned = ownSupervisorWork(m_context.spec.experiment, m_context.task, rung);
    if (sealed && hash && *sealed == *hash)
        if (auto model = engine::TunedModel::load(weights)) {
            m_context.meter.skip(planned);
            return keep(std::move(*model));
        }

    const std::string who = "source \"" + source.name + "\"";
    const auto onPretraining = [&](double, const std::string& activity) {
        m_context.meter.advance(0, who + ", " + activity, 0, 0);
    };
    auto model = m_context.ladder.base(rung, m_context.head(), m_context.seedFor(purpose + "/base"), m_context.stop,
                                       onPretraining);
    if (!model) return model.error();
    engine::TuningOptions options = tuningOptions(m_context, 1, false);
    options.seed = m_context.seedFor(purpose + "/shuffle");
    const Supervision taught = taughtByTruth(m_context.task, pool, items);
    const auto onStep = [&](const engine::StepReport& report) {
        m_context.meter.advance(planned / static_cast<double>(report.totalSteps),
                                who + " on rung " + rung.name + ": step " + std::to_string(report.step) + " of " +
                                    std::to_string(report.totalSteps),
                                0, report.tokensPerSecond);
    };
    const auto tuned = model->tune(labelledItems(taught), options, m_context.stop, onStep);
    if (!tuned) return tuned.error();
    if (const auto made = makeFolder(folder); !made) return made.error();
    const auto saved = model->save(weights);
    if (!saved) return saved.error();
    if (const auto written = writeFileAtomically(seal, *saved); !written) return written.error();
    return keep(std::move(*model));
}

Result<std::vector<controller::Purchase>> SignalDesk::otherPanels(int generation,
                                                                  const std::vector<Ancestor>& ancestors)
{
    std::vector<controller::Purchase> offers;
    std::vector<Voice> voices;
    std::vector<const spec::SignalSource*> silent;
    for (const spec::SignalSource& source : m_sources) {
        const double weight = spec::weightAt(source, generation, m_context.spec.experiment.ladder.generations);
        if (weight <= 0) {
            silent.push_back(&source);
            continue;
        }
        auto asks = sourceOf(source, ancestors);
        if (!asks) return asks.error();
        voices.push_back({&source, std::min(weight, 1.0), std::move(*asks)});
    }
    const auto offer = [&](const char* kind, const std::string& name, std::vector<Voice> panel) -> Result<void> {
        const auto found = noise(PooledSupervisor(m_context, m_anchors, std::move(panel)));
        if (!found) return found.error();
        offers.push_back({.kind = kind, .name = name, .noise = found->calibrated, .noiseUpper = found->upper});
        return {};
    };
    for (std::size_t j = 0; voices.size() > 1 && j < voices.size(); ++j) {
        std::vector<Voice> others = voices;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(j));
        if (auto made = offer("drop", voices[j].source->name, std::move(others)); !made) return made.error();
    }
    const auto untrained = [this](const spec::SignalSource& one) { return one.rung >= 0 && !m_own.contains(one.name); };
    for (const spec::SignalSource* source : silent) {
        // It, or whom it is shaped like, would have to be trained first.
        if (untrained(*source) || std::any_of(m_sources.begin(), m_sources.end(), [&](const spec::SignalSource& other) {
                return other.name == source->like && untrained(other);
            })) {
            offers.push_back(
                {.kind = "add",
                 .name = source->name,
                 .noise = {},
                 .noiseUpper = {},
                 .kept = {},
                 .unknown = "Source \"" + source->name + "\" was not trained, so that its labels are unknown."});
            continue;
        }
        auto asks = sourceOf(*source, ancestors);
        if (!asks) return asks.error();
        std::vector<Voice> more = voices;
        more.push_back({source, 1.0, std::move(*asks)});
        if (auto made = offer("add", source->name, std::move(more)); !made) return made.error();
    }
    return offers;
}

Result<signals::MixNoise> SignalDesk::noise(const Supervisor& pooled) const
{
    if (m_anchors.items.empty()) return signals::MixNoise{};
    const auto labels = pooled.label(data::ItemSet{});
    if (!labels) return labels.error();
    return labels->panel->table.sources.empty() ? signals::MixNoise{} : noiseOf(m_context, *labels->panel);
}

} // namespace gradus::pipeline
