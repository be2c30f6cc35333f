// SPDX-License-Identifier: GPL-3.0-or-later
// The loop: passes, steps, evaluations, checkpoints, in an order that a resumed job repeats to the bit.
#include "engine/folder_tuning.h"

#include "base/text.h"
#include "engine/checkpoint_impl.h"
#include "engine/rate_schedule.h"
#include "engine/torch_errors_impl.h"
#include "engine/train_step_impl.h"
#include "engine/tuned_folder_impl.h"
#include "engine/tuning_job_impl.h"
#include "engine/tuning_memory.h"
#include "engine/tuning_step_impl.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>

namespace gradus::engine {

namespace {

/// What the loop itself remembers, beside the weights in a checkpoint: three floats.
class Memory final
{
public:
    Memory() : m_values(at::zeros({3})) {}
    float& bestLoss() { return m_values.data_ptr<float>()[0]; }
    float& bestStep() { return m_values.data_ptr<float>()[1]; } ///< 0: none yet
    float& worse() { return m_values.data_ptr<float>()[2]; }    ///< evaluations since the best
    const at::Tensor& tensor() const { return m_values; }

private:
    at::Tensor m_values;
};

class Job final
{
public:
    Job(const FolderTuning& job, models::Decoder decoder, TaskHead* head, const Examples& taught, const Examples& held,
        Decay decay, const std::string& name, const TuningListener& listener)
        : m_job(job), m_decoder(std::move(decoder)), m_decay(decay), m_listener(listener),
          m_taught(makeObjective(job, m_decoder, head, taught, "taught")),
          m_held(makeObjective(job, m_decoder, head, held, "held")), m_checkpoints(job.checkpoints, name),
          m_bests(job.checkpoints, "best of " + name), m_plan(planOf(job, taught.size()))
    {
        m_update.add("body", m_decoder.parameters(), 1.0, job.weightDecay);
        if (head != nullptr) m_update.add("head", head->parameters(), 1.0, job.weightDecay);
    }

    Result<TunedFolder> run(const StopFlag& stop)
    {
        begin();
        std::vector<Batch> batches;
        std::int64_t batchesOf = -1;
        while (m_update.steps() < m_plan.totalSteps && !patienceEnded()) {
            if (stop.requested()) return stopped();
            const std::int64_t epoch = m_update.steps() / m_plan.stepsInEpoch;
            if (epoch != batchesOf)
                batches = epochBatches(m_taught->lengths(), std::int64_t{m_job.batch} * m_job.accumulate, m_job.seed,
                                       batchesOf = epoch);
            if (auto done = step(batches[static_cast<std::size_t>(m_update.steps() % m_plan.stepsInEpoch)]); !done)
                return done.error();
            if (evaluationDue())
                if (auto done = evaluate(); !done) return done.error();
        }
        return finished();
    }

    bool hasDiverged() const { return m_diverged; }
    /// Puts the weights of the newest good checkpoint in place and returns its step; 0: there is none.
    std::int64_t restoreGood()
    {
        if (m_goodStep == 0 || m_checkpoints.restore(state()) != m_goodStep) return 0;
        m_update.spread();
        return m_goodStep;
    }

private:
    void begin()
    {
        const std::int64_t found = m_job.checkpoints.empty() ? 0 : m_checkpoints.restore(state());
        if (found > 0) {
            m_update.restored(found);
            m_lastSaved = found;
            if (m_listener.onResume) m_listener.onResume(found);
            return;
        }
        m_taught->prepare();
        m_held->prepare();
        if (!m_held->lengths().empty() && m_listener.onEvaluation) m_listener.onEvaluation(evaluation());
    }

    bool patienceEnded() { return m_job.patience > 0 && m_memory.worse() >= static_cast<float>(m_job.patience); }
    bool evaluationDue() const
    {
        if (m_held->lengths().empty()) return false;
        return m_update.steps() % m_plan.evaluateEvery == 0 || m_update.steps() == m_plan.totalSteps;
    }

    Result<void> step(const Batch& whole)
    {
        TuningStep report{.step = m_update.steps() + 1, .totalSteps = m_plan.totalSteps};
        report.rate = m_job.learningRate * rateFactor(report.step, m_plan.totalSteps, m_job.warmup, m_decay);
        const StepGradient found = gradientOf(*m_taught, whole, static_cast<std::size_t>(m_job.batch), m_update);
        report.loss = found.loss;
        report.gradientNorm = found.norm;
        // Asked before the weights change: what was good stays good.
        if (!std::isfinite(report.loss)) return diverged("loss");
        if (!std::isfinite(report.gradientNorm)) return diverged("gradient");
        // Written only now: the weights that an update left are good when the next step makes numbers of them.
        if (m_job.checkpointEvery > 0 && m_update.steps() > 0 && m_update.steps() % m_job.checkpointEvery == 0)
            if (auto written = checkpoint(); !written) return written;
        if (m_lastSaved == m_update.steps()) m_goodStep = m_lastSaved;
        m_update.apply(report.rate, clipFactor(found.norm, m_job.clip));
        report.tokensPerSecond = m_throughput.add(found.realTokens);
        if (m_listener.onStep) m_listener.onStep(report);
        return {};
    }

    TuningEvaluation evaluation() const
    {
        const c10::InferenceMode inference;
        TuningEvaluation made{.step = m_update.steps()};
        made.scores.resize(m_held->lengths().size());
        double weight = 0;
        for (const Batch& batch : budgetBatches(m_held->lengths(), kEvaluationTokens)) {
            std::vector<ExampleScore> some;
            m_held->score(batch, some);
            for (std::size_t i = 0; i < batch.size(); ++i) {
                made.scores[static_cast<std::size_t>(batch[i])] = some[i];
                made.loss += some[i].loss;
                weight += some[i].weight;
            }
        }
        made.loss /= weight;
        return made;
    }

    Result<void> evaluate()
    {
        TuningEvaluation made = evaluation();
        const auto loss = static_cast<float>(made.loss);
        made.best = std::isfinite(loss) && (m_memory.bestStep() == 0 || loss < m_memory.bestLoss());
        if (made.best) {
            m_memory.bestLoss() = loss;
            m_memory.bestStep() = static_cast<float>(made.step);
            m_memory.worse() = 0;
            // The last step's weights need no copy: they are the ones that are written.
            if (!m_job.checkpoints.empty() && made.step < m_plan.totalSteps)
                if (auto written = m_bests.write(m_update.weights(), m_update.steps()); !written) return written;
        } else {
            m_memory.worse() += 1;
        }
        if (m_listener.onEvaluation) m_listener.onEvaluation(made);
        return {};
    }

    std::vector<models::NamedTensor> state() const
    {
        std::vector<models::NamedTensor> all = m_update.state();
        for (const Objective* objective : {m_taught.get(), m_held.get()})
            for (const models::NamedTensor& named : objective->prepared())
                all.push_back(named);
        all.push_back({"loop", m_memory.tensor()});
        return all;
    }

    Result<void> checkpoint()
    {
        if (m_job.checkpoints.empty() || m_update.steps() == m_lastSaved) return {};
        if (auto written = m_checkpoints.write(state(), m_update.steps()); !written) return written;
        m_lastSaved = m_update.steps();
        return {};
    }

    Error stopped()
    {
        const std::int64_t step = m_update.steps();
        std::string where = "; it will start again from the beginning.";
        if (!m_job.checkpoints.empty() && step > 0) {
            if (auto written = checkpoint(); !written) return written.error();
            where = "; the same command goes on from " + m_job.checkpoints.string() + ".";
        }
        return {.message = "Tuning was stopped after step " + std::to_string(step) + " of " +
                           std::to_string(m_plan.totalSteps) + where,
                .kind = ErrorKind::Stopped};
    }

    Error diverged(std::string_view what)
    {
        m_diverged = true;
        const std::int64_t step = m_update.steps() + (what == "weight" ? 0 : 1);
        if (m_listener.onDivergence) m_listener.onDivergence({.step = step, .what = what, .goodStep = m_goodStep});
        return failed("Tuning stopped at step " + std::to_string(step) + " because " +
                      (what == "weight" ? "a " : "the ") + std::string(what) +
                      " is not a number: lower the learning rate (" + numberText(m_job.learningRate) +
                      ") or lengthen the warm-up; it begins at step 1 then.");
    }
    bool weightsAreNumbers() const
    {
        return std::ranges::all_of(m_update.weights(), [](const models::NamedTensor& named) {
            return at::isfinite(named.tensor).all().item<bool>();
        });
    }

    Result<TunedFolder> finished()
    {
        TunedFolder made;
        made.steps = made.bestStep = m_update.steps();
        made.totalSteps = m_plan.totalSteps;
        made.stoppedEarly = patienceEnded();
        const auto best = static_cast<std::int64_t>(m_memory.bestStep());
        if (best == 0 || best == made.steps || m_job.checkpoints.empty()) {
            if (!weightsAreNumbers()) return diverged("weight");
            return made;
        }
        if (m_bests.restore(m_update.weights()) != best)
            return failed("The weights of the best step " + std::to_string(best) + " are no longer in " +
                          m_job.checkpoints.string() + "; delete that folder and tune again.");
        m_update.spread();
        made.bestStep = best;
        return made;
    }

    const FolderTuning& m_job;
    models::Decoder m_decoder;
    Decay m_decay;
    const TuningListener& m_listener;
    std::unique_ptr<Objective> m_taught;
    std::unique_ptr<Objective> m_held;
    CheckpointFolder m_checkpoints;
    CheckpointFolder m_bests;
    TuningPlan m_plan;
    WeightUpdate m_update;
    Memory m_memory;
    Throughput m_throughput;
    std::int64_t m_lastSaved = 0; ///< step of the newest checkpoint on disk
    std::int64_t m_goodStep = 0;  ///< of the newest one from which a step gave numbers
    bool m_diverged = false;
};

/// What would fit, where this did not.
std::string lessMemory(const FolderTuning& job, const models::ModelShape& shape, std::int64_t longest)
{
    return "it was estimated at " + memoryText(memoryOf(job, shape, longest)) + ": " + lessMemoryText(job);
}

/// The error, with where the last good weights are, which are written for it.
Error withLastGood(Error error, Job& loop, FolderTuning job, const models::ModelFolder& folder, OpenedModel& model)
{
    const std::int64_t step = loop.restoreGood();
    if (step == 0) {
        error.message += " No good checkpoint had been written yet.";
        return error;
    }
    job.output /= "last-good";
    job.merge = false;
    if (auto written = writeTunedFolder(job, folder, model.decoder, model.head ? &*model.head : nullptr, model.adapter);
        !written)
        return written.error();
    error.message += " The weights after step " + std::to_string(step) + ", the last good checkpoint, are in " +
                     job.output.string() + ", to be tuned on from.";
    return error;
}

} // namespace

Result<TunedFolder> tuneFolder(const FolderTuning& job, const std::vector<TaughtExample>& taught,
                               const std::vector<TaughtExample>& held, const StopFlag& stop,
                               const TuningListener& listener)
{
    return tuneFolder(job, ListedExamples(taught), held, stop, listener);
}

Result<TunedFolder> tuneFolder(const FolderTuning& job, const Examples& taught,
                               const std::vector<TaughtExample>& heldOut, const StopFlag& stop,
                               const TuningListener& listener)
{
    const ListedExamples held(heldOut);
    if (auto checked = checkFolderTuning(job); !checked) return checked.error();
    const auto decay = decayOf(job.decay);
    if (!decay) return decay.error();
    auto opened = models::openModelFolder(job.folder);
    if (!opened) return opened.error();
    if (taught.size() == 0) return badInput("There is nothing to tune on: the set of examples is empty.");
    std::string cure = lessMemory(job, opened->shape, opened->shape.longestSequence());
    const auto work = [&]() -> Result<TunedFolder> {
        const auto longest = checkExamples(job, opened->shape, taught, "Example");
        if (!longest) return longest.error();
        if (auto checked = checkExamples(job, opened->shape, held, "Held-out example"); !checked)
            return checked.error();
        cure = lessMemory(job, opened->shape, *longest);
        auto model = openedForTuning(job, *opened);
        if (!model) return model.error();
        TaskHead* head = model->head ? &*model->head : nullptr;
        Job loop(job, model->decoder, head, taught, held, *decay, jobName(job, *opened, taught, held), listener);
        auto tuned = loop.run(stop);
        if (!tuned && loop.hasDiverged()) return withLastGood(tuned.error(), loop, job, *opened, *model);
        if (!tuned) return tuned;
        for (const at::Tensor& leaf : model->decoder.parameters())
            tuned->parameters += leaf.numel();
        if (head != nullptr)
            for (const at::Tensor& leaf : head->parameters())
                tuned->parameters += leaf.numel();
        auto hash = writeTunedFolder(job, *opened, model->decoder, head, model->adapter);
        if (!hash) return hash.error();
        tuned->sha256 = *hash;
        return tuned;
    };
    return caught("Tuning " + job.folder.string(), work, cure);
}

} // namespace gradus::engine
