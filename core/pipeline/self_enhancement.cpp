// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/self_enhancement.h"

#include "base/files.h"
#include "base/hash.h"
#include "pipeline/baseline.h"
#include "pipeline/competence_stage.h"
#include "pipeline/evaluation.h"
#include "pipeline/generation_context.h"
#include "pipeline/self_lesson.h"
#include "pipeline/writing_audit.h"
#include "spec/drawn.h"

#include <optional>

namespace gradus::pipeline {

namespace {

constexpr double kPairCost = 3; ///< a pair beside an item of the task, in tokens of a step

std::int64_t stepsOf(const spec::Experiment& experiment, std::size_t pairs)
{
    const auto batch = static_cast<std::size_t>(experiment.training.batch);
    return experiment.self.epochs * static_cast<std::int64_t>((pairs + batch - 1) / batch);
}

/// Of one round whose numbers are given once.
double roundWork(const spec::Experiment& settled, const LadderRung& rung)
{
    const auto prompts = static_cast<std::size_t>(std::max(settled.training.labels, 1));
    // Answers are read a few times over; a third of that is what reading costs beside learning.
    const auto reads = static_cast<std::int64_t>(prompts) * settled.self.samples / settled.training.batch;
    return kPairCost * tuningWork(rung, stepsOf(settled, prompts), settled.training.batch) +
           tuningWork(rung, reads, settled.training.batch) / 2;
}

/// One run.
class Enhancement final
{
public:
    Enhancement(const StageContext& context, const AnswerForm& form, const Past& past)
        : m_first(context), m_entered(context), m_form(form), m_past(past),
          m_rung(context.spec.experiment.ladder.start), m_audit(m_first.context(), form)
    {
    }

    Result<void> run()
    {
        if (const auto ready = m_audit.ready(); !ready) return ready;
        const auto file = writerFile(m_context, m_rung);
        if (!file) return file.error();
        m_writer = *file;
        if (const auto made = makeOffline(); !made) return made;
        for (m_generation = 1; m_generation <= m_context.spec.experiment.ladder.generations; ++m_generation) {
            m_entered.enter(m_generation);
            m_context.meter.begin(m_generation, activity("begins"), m_step);
            const auto known = readBack();
            if (!known) return known.error();
            if (*known) continue;
            if (const auto done = one(); !done) return done;
        }
        m_context.meter.finish(m_step, m_context.spec.experiment.ladder.generations);
        return {};
    }

private:
    const spec::SelfEnhancement& settings() const { return m_context.spec.experiment.self; }
    const LadderRung& rung() const { return m_context.ladder.at(m_rung); }

    std::string activity(const std::string& what) const
    {
        return (m_generation == 1 ? std::string("the writer")
                                  : "round " + std::to_string(m_generation - 1) + " of " +
                                        std::to_string(m_context.spec.experiment.ladder.generations - 1)) +
               ": " + what;
    }
    Round round() const { return {m_context, m_form, m_generation, m_rung}; }

    /// The weights that generation i began from: those of the one before it, or the writer's.
    std::filesystem::path originOf(int generation) const
    {
        return generation <= 1 ? m_writer : m_context.weightsOf(generation - 1);
    }

    Result<void> makeOffline()
    {
        auto writer = loadWriter(m_context, m_rung, m_writer);
        if (!writer) return writer.error();
        auto lesson = offlineLesson(round(), *writer);
        if (!lesson) return lesson.error();
        m_offline = std::move(*lesson);
        m_policy.emplace(std::move(*writer));
        return {};
    }

    /// A generation that an earlier process of this run finished, if its weights still are what was recorded.
    Result<bool> readBack()
    {
        for (const events::GenerationRecord& record : m_past.finished) {
            if (record.generation != m_generation || record.checkpointHash.empty() || !record.lastStep ||
                record.firstStep != m_step || !record.flops)
                continue;
            const auto hash = sha256OfFile(m_context.weightsOf(m_generation));
            if (!hash || *hash != record.checkpointHash) continue;
            auto model = loadWriter(m_context, m_rung, m_context.weightsOf(m_generation));
            if (!model) continue;
            m_policy.emplace(std::move(*model));
            m_step = *record.lastStep;
            m_flops = *record.flops;
            m_context.meter.skip(roundWork(m_context.spec.experiment, rung()));
            if (m_generation > 1) return true;
            auto variety = m_audit.variety(*m_policy);
            if (!variety) return variety.error();
            m_before = std::move(*variety);
            return true;
        }
        if (m_generation <= m_past.inherited)
            return badInput("The weights of round " + std::to_string(m_generation - 1) + " in " +
                            m_context.folder.string() +
                            " are not those that the branch began with; put them back, or branch again.");
        return false;
    }

    Result<void> one()
    {
        const std::filesystem::path weights = m_context.weightsOf(m_generation);
        const auto inputHash = sha256OfFile(originOf(m_generation));
        if (!inputHash) return inputHash.error();
        events::GenerationRecord record = blankRecord();
        m_context.sink.generation(record);
        stage(events::StageState::Running, *inputHash, {}, {});
        if (record.gap) m_context.sink.point({"gap/delta", m_step, *record.gap});
        m_entered.report(m_step);

        const auto lesson = lessonOfRound();
        if (!lesson) return lesson.error();
        if (const auto tuned = tune(*lesson); !tuned) return tuned;
        if (const auto made = makeFolder(weights.parent_path()); !made) return made;
        const auto saved = m_policy->saveBody(weights);
        if (!saved) return saved.error();
        record.lastStep = m_step;
        record.checkpointHash = *saved;
        record.flops = m_flops += lesson->flops;
        if (m_generation > 1) reportLesson(round(), *lesson, m_step);
        if (const auto measured = measure(record); !measured) return measured;
        stage(events::StageState::Finished, *inputHash, *saved, noteOf(*lesson));
        m_context.sink.event({.kind = "checkpoint",
                              .generation = m_generation,
                              .step = m_step,
                              .sentence = "Weights of generation " + std::to_string(m_generation) + " saved.",
                              .detailsJson = "{\"sha256\":\"" + *saved + "\"}"});
        // Last: a resumed run holds the generation for finished when this is there.
        m_context.sink.generation(record);
        return {};
    }

    events::GenerationRecord blankRecord() const
    {
        events::GenerationRecord record;
        record.generation = m_generation;
        record.rung = rung().name;
        record.parameters = rung().parameters;
        record.capacity = rung().capacity;
        record.capacityProxy = kCapacityProxy;
        if (m_generation > 1) record.gap = 0;
        record.firstStep = m_step;
        return record;
    }

    void stage(events::StageState state, const std::string& input, const std::string& output,
               const std::string& note) const
    {
        m_context.sink.stage({.generation = m_generation,
                              .kind = events::StageKind::Competence,
                              .state = state,
                              .step = m_step,
                              .inputHash = input,
                              .outputHash = output,
                              .note = note});
    }

    Result<Lesson> lessonOfRound() const
    {
        if (m_generation == 1) return m_offline;
        m_context.meter.advance(0, activity("answers"), m_step, 0);
        return ownLesson(round(), *m_policy, originOf(m_generation - 1), m_offline.pairs);
    }

    Result<void> tune(const Lesson& lesson)
    {
        const spec::Training& training = m_context.spec.experiment.training;
        const double planned = roundWork(m_context.spec.experiment, rung());
        if (lesson.pairs.prompts.empty()) {
            m_context.meter.advance(planned, activity("nothing to learn"), m_step, 0);
            return {};
        }
        engine::TuningOptions options;
        options.watch = m_context.desk;
        options.epochs = settings().epochs;
        options.batch = training.batch;
        options.learningRate = settings().learningRate;
        options.weightDecay = training.weightDecay;
        options.warmup = training.warmup;
        options.decay = training.decay;
        options.drawnDecay = schedule::Evaluator(training.decayCurve);
        options.seed = round().seedFor("shuffle");
        m_flops += static_cast<double>(rung().parameters) * tokensOf(lesson.pairs) * (6 * settings().epochs + 2);
        return m_policy->prefer(lesson.pairs, {.kind = engine::PreferenceLoss::Kind::Sigmoid, .beta = settings().beta},
                                options, m_context.stop, [&](const engine::StepReport& report) {
                                    m_context.sink.point({"train/loss", ++m_step, report.loss});
                                    m_context.meter.advance(planned / static_cast<double>(report.totalSteps),
                                                            activity("step " + std::to_string(report.step) + " of " +
                                                                     std::to_string(report.totalSteps)),
                                                            m_step, report.tokensPerSecond);
                                });
    }

    Result<void> measure(events::GenerationRecord& record)
    {
        m_context.meter.advance(0, activity("is measured"), m_step, 0);
        const auto scores = m_audit.scores(*m_policy);
        if (!scores) return scores.error();
        auto variety = m_audit.variety(*m_policy);
        if (!variety) return variety.error();
        record.utility = scores->utility;
        reportWriting(m_context.sink, *scores, *variety, m_form.checks(), m_step);
        if (m_generation == 1)
            m_before = std::move(*variety);
        else
            reportVerdicts(m_context.sink, {m_audit.collapse(m_before, *variety)}, m_generation, m_step);
        return {};
    }

    const GenerationContext m_first; ///< of the audit, which measures all rounds alike
    GenerationContext m_entered;
    const StageContext& m_context = m_entered.context();
    const AnswerForm& m_form;
    const Past& m_past;
    const int m_rung;
    WritingAudit m_audit;
    std::filesystem::path m_writer;
    Lesson m_offline;
    std::optional<engine::LanguageModel> m_policy; ///< the newest generation
    WritingVariety m_before;                       ///< of generation 1
    int m_generation = 1;
    std::int64_t m_step = 0;
    double m_flops = 0;
};

} // namespace

Result<void> runSelfEnhancement(const StageContext& context, const Past& past)
{
    context.meter.setTotal(
        selfEnhancementWork(context.spec.experiment, context.ladder.at(context.spec.experiment.ladder.start)));
    const auto form = answerForm(context, context.spec.experiment.ladder.start);
    if (!form) return form.error();
    if ((*form)->checks())
        reportEndBaseline(context);
    else if (const auto line = reportBaseline(context); !line)
        return line;
    return Enhancement(context, **form, past).run();
}

double selfEnhancementWork(const spec::Experiment& experiment, const LadderRung& rung)
{
    double work = 0;
    for (int generation = 1; generation <= experiment.ladder.generations; ++generation)
        work += roundWork(spec::atGeneration(experiment, generation), rung);
    return work;
}

} // namespace gradus::pipeline
