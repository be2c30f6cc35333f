// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/debate.h"

#include "base/files.h"
#include "base/hash.h"
#include "evals/statistics.h"
#include "pipeline/competence_stage.h"
#include "pipeline/debate_report.h"
#include "pipeline/passage_debate.h"
#include "pipeline/register_debate.h"
#include "pipeline/run_items.h"
#include "pipeline/supervision.h"

namespace gradus::pipeline {

namespace {

/// In ProgressMeter's units: the judge's tuning; all else is short beside it.
double debateWork(const spec::Experiment& experiment, const LadderRung& rung)
{
    const auto items = static_cast<std::size_t>(experiment.training.labels);
    return tuningWork(rung, tuningSteps(experiment.training, items), experiment.training.batch);
}

/// One run.
class DebateRun final
{
public:
    explicit DebateRun(const StageContext& context)
        : m_context(context), m_matter(debateMatter(context)), m_protocol(protocolOf(settings())),
          m_judge(settings().judge)
    {
    }

    Result<void> run()
    {
        events::GenerationRecord record = blankRecord();
        m_context.sink.generation(record);
        const auto body = m_context.ladder.baseHash(m_judge, m_context.stop, {});
        if (!body) return body.error();
        stage(events::StageState::Running, *body, {});
        m_context.meter.setTotal(debateWork(m_context.spec.experiment, rung()));
        m_context.meter.begin(1, "the debaters read the questions", 0);
        auto taught = m_matter->prepared(poolOf(m_context, 1), "taught");
        if (!taught) return taught.error();
        auto held = m_matter->prepared(m_context.task.test(), "held-out");
        if (!held) return held.error();
        m_taught = std::move(*taught);
        m_held = std::move(*held);

        const auto judge = tunedJudge();
        if (!judge) return judge.error();
        const auto verdicts = verdictsOf(*judge);
        if (!verdicts) return verdicts.error();
        const auto weights = m_context.weightsOf(1);
        if (const auto made = makeFolder(weights.parent_path()); !made) return made;
        const auto saved = judge->save(weights);
        if (!saved) return saved.error();
        reportDebate(m_context, *verdicts, m_step);
        reportTranscripts(*verdicts);

        record.lastStep = m_step;
        record.checkpointHash = *saved;
        record.utility = figuresOf(verdicts->asked).accuracy;
        record.ceiling = verdicts->expert;
        record.flops = m_flops;
        stage(events::StageState::Finished, *body, *saved, m_taught->note() + m_held->note());
        m_context.sink.generation(record);
        m_context.meter.finish(m_step, 1);
        return {};
    }

private:
    const spec::Debate& settings() const { return m_context.spec.experiment.debate; }
    const LadderRung& rung() const { return m_context.ladder.at(m_judge); }

    events::GenerationRecord blankRecord() const
    {
        events::GenerationRecord record;
        record.rung = rung().name;
        record.parameters = rung().parameters;
        record.capacity = rung().capacity;
        record.capacityProxy = kCapacityProxy;
        return record;
    }

    void stage(events::StageState state, const std::string& input, const std::string& output,
               const std::string& note = {}) const
    {
        m_context.sink.stage({.generation = 1,
                              .kind = events::StageKind::Competence,
                              .state = state,
                              .step = m_step,
                              .inputHash = input,
                              .outputHash = output,
                              .note = note});
    }

    /// Tuned on the taught questions, each debated once: which debater has the truth is drawn.
    Result<engine::TunedModel> tunedJudge()
    {
        auto model = m_matter->freshJudge();
        if (!model) return model;
        Rng sides(m_context.seedFor("debate/sides"), "taught");
        engine::LabelledItems items;
        std::vector<int> truth;
        for (std::size_t i = 0; i < m_taught->size(); ++i) {
            items.items.push_back(m_taught->read(i, sides.below(2) == 0, false));
            truth.push_back(m_taught->posed(i, false).truth);
        }
        items.targets = oneHot(truth, 2);
        const spec::Training& training = m_context.spec.experiment.training;
        m_flops = trainingFlops(rung(), items.items, training.epochs);
        const double work = debateWork(m_context.spec.experiment, rung());
        const auto onStep = [&](const engine::StepReport& report) {
            m_context.sink.point({"train/loss", ++m_step, report.loss});
            m_context.meter.advance(work / static_cast<double>(report.totalSteps),
                                    "the judge learns: step " + std::to_string(report.step) + " of " +
                                        std::to_string(report.totalSteps),
                                    m_step, report.tokensPerSecond);
        };
        const auto tuned = model->tune(items, tuningOptions(m_context, 1, false), m_context.stop, onStep);
        if (!tuned) return tuned.error();
        return model;
    }

    /// Every held-out question under both assignments, in both orders.
    Result<Verdicts> verdictsOf(const engine::TunedModel& judge) const
    {
        Verdicts verdicts;
        verdicts.hasDecisiveQuotes = m_matter->hasDecisiveQuotes();
        std::vector<std::vector<engine::Tokens>> transcripts;
        std::vector<double> expert;
        for (std::size_t i = 0; i < m_held->size(); ++i) {
            expert.push_back(m_held->expertIsRight(i) ? 1 : 0);
            for (const bool honest : {true, false})
                for (const bool turned : {false, true}) {
                    transcripts.push_back(m_held->read(i, honest, turned));
                    verdicts.asked.push_back({.item = i,
                                              .firstHonest = honest,
                                              .turned = turned,
                                              .truth = m_held->posed(i, turned).truth,
                                              .said = m_held->said(i, honest, turned)});
                }
        }
        verdicts.expert = evals::meanWithInterval(expert);
        const auto opinions = opinionsOf(judge, transcripts, 2);
        if (!opinions) return opinions.error();
        for (std::size_t i = 0; i < verdicts.asked.size(); ++i) {
            verdicts.asked[i].verdict = opinions->labels[i];
            verdicts.asked[i].confidence =
                static_cast<double>(opinions->probabilities[2 * i + static_cast<std::size_t>(opinions->labels[i])]);
        }
        return verdicts;
    }

    void reportTranscripts(const Verdicts& verdicts) const
    {
        if (m_protocol == Protocol::Direct) return;
        for (const Asked& asked : verdicts.asked)
            if (asked.item < static_cast<std::size_t>(settings().transcripts) && !asked.turned)
                m_context.sink.episode(episodeOf(asked, m_held->posed(asked.item, false), rung().name));
    }

    const StageContext& m_context;
    const std::unique_ptr<DebateMatter> m_matter;
    const Protocol m_protocol;
    const int m_judge;
    std::unique_ptr<DebateSet> m_taught;
    std::unique_ptr<DebateSet> m_held;
    std::int64_t m_step = 0;
    double m_flops = 0;
};

} // namespace

Protocol protocolOf(const spec::Debate& settings)
{
    return settings.protocol == "direct"        ? Protocol::Direct
           : settings.protocol == "consultancy" ? Protocol::Consultancy
                                                : Protocol::Debate;
}

std::unique_ptr<DebateMatter> debateMatter(const StageContext& context)
{
    if (context.spec.experiment.ladder.models.empty()) return std::make_unique<RegisterDebate>(context);
    return std::make_unique<PassageDebate>(context);
}

Result<void> runDebate(const StageContext& context)
{
    return DebateRun(context).run();
}

} // namespace gradus::pipeline
