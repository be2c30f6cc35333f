// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/alignment_tuning.h"

namespace gradus::pipeline {

namespace {

constexpr double kTuningShare = 2.0 / 3; ///< of the stage's work that supervised tuning is, where preferences follow

} // namespace

engine::TuningOptions alignmentOptions(const StageContext& context, const std::string& purpose, int epochs)
{
    const spec::Experiment& experiment = context.spec.experiment;
    engine::TuningOptions options;
    options.watch = context.desk;
    options.epochs = epochs;
    options.batch = experiment.training.batch;
    options.learningRate = experiment.conformity.learningRate;
    options.bodyScale = experiment.conformity.bodyScale;
    options.weightDecay = experiment.training.weightDecay;
    options.warmup = experiment.training.warmup;
    options.decay = experiment.training.decay;
    options.drawnDecay = schedule::Evaluator(experiment.training.decayCurve);
    options.seed = context.seedFor(purpose);
    return options;
}

engine::PreferenceLoss alignmentPreference(const spec::Conformity& settings)
{
    return {.kind = engine::preferenceLossOf(settings.preference).value(),
            .beta = settings.beta,
            .smoothing = settings.smoothing};
}

AlignmentProgress::AlignmentProgress(const StageContext& context, int generation, std::int64_t firstStep, double work)
    : m_context(context), m_generation(generation), m_work(work), m_step(firstStep)
{
}

std::function<void(const engine::StepReport&)> AlignmentProgress::ofTuning()
{
    const bool alone = m_context.spec.experiment.conformity.preference == "none";
    return reporter("align/loss", "safe behaviours,", alone ? 1.0 : kTuningShare);
}

std::function<void(const engine::StepReport&)> AlignmentProgress::ofPreferences()
{
    return reporter("align/preference_loss", "preferences,", 1 - kTuningShare);
}

void AlignmentProgress::say(const std::string& what)
{
    m_context.meter.advance(0, activity(what), m_step, 0);
}

std::int64_t AlignmentProgress::finish()
{
    m_context.meter.advance(m_work - m_reported, activity("done"), m_step, 0);
    return m_step;
}

/// share: of the stage's work that this tuning is held for.
std::function<void(const engine::StepReport&)> AlignmentProgress::reporter(const char* series, const char* what,
                                                                           double share)
{
    return [this, series, what, share](const engine::StepReport& report) {
        m_context.sink.point({series, ++m_step, report.loss});
        const double work = m_work * share / static_cast<double>(report.totalSteps);
        m_reported += work;
        m_context.meter.advance(work,
                                activity(std::string(what) + " step " + std::to_string(report.step) + " of " +
                                         std::to_string(report.totalSteps)),
                                m_step, report.tokensPerSecond);
    };
}

std::string AlignmentProgress::activity(const std::string& what) const
{
    return "generation " + std::to_string(m_generation) + ", alignment: " + what;
}

} // namespace gradus::pipeline
