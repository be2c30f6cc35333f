// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tuning_time.h"

#include "base/clock.h"
#include "base/text.h"
#include "engine/batches.h"
#include "engine/torch_errors_impl.h"
#include "engine/train_step_impl.h"
#include "engine/tuning_job_impl.h"
#include "engine/tuning_memory.h"
#include "engine/tuning_step_impl.h"

#include <ATen/DeviceAccelerator.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <array>

namespace gradus::engine {

namespace {

constexpr std::array kTried{0.5, 0.1, 0.5, 0.9}; ///< by length; the first only warms up
constexpr double kAlmostNothing = 1e-12;         ///< a rate at which weights stay what they are

/// Padded tokens of all passes over these rows, so many at a time.
double paddedTokens(const Objective& objective, const Batch& whole, std::size_t pass)
{
    double tokens = 0;
    for (std::size_t begin = 0; begin < whole.size(); begin += pass) {
        const std::size_t end = std::min(begin + pass, whole.size());
        std::int64_t longest = 0;
        for (std::size_t i = begin; i < end; ++i)
            longest = std::max(longest, objective.lengths()[static_cast<std::size_t>(whole[i])]);
        tokens += static_cast<double>(longest) * static_cast<double>(end - begin);
    }
    return tokens;
}

/// Waits until a GPU has done what it was asked.
void finish(const std::string& device)
{
    if (device == "cpu") return;
    const at::Device place(device);
    at::accelerator::synchronizeDevice(place.has_index() ? place.index() : c10::DeviceIndex{0});
}

class Trial final
{
public:
    Trial(const FolderTuning& job, OpenedModel& model, const Examples& taught, const Examples& held)
        : m_job(job), m_plan(planOf(job, taught.size())), m_head(model.head ? &*model.head : nullptr),
          m_taught(makeObjective(job, model.decoder, m_head, taught, "taught")),
          m_held(makeObjective(job, model.decoder, m_head, held, "held"))
    {
        m_update.add("body", model.decoder.parameters(), 1.0, 0);
        if (m_head != nullptr) m_update.add("head", m_head->parameters(), 1.0, 0);
    }

    Result<TuningTime> run(const StopFlag& stop)
    {
        TuningTime time{.steps = m_plan.totalSteps};
        const std::vector<Batch> batches =
            epochBatches(m_taught->lengths(), std::int64_t{m_job.batch} * m_job.accumulate, m_job.seed, 0);
        if (auto found = stepsOf(batches, stop, time); !found) return found.error();
        const double each = secondsToRead();
        if (m_job.method == TuningMethod::Preference)
            time.preparing = each * (tokensToRead(*m_taught) + tokensToRead(*m_held));
        if (!m_held->lengths().empty()) {
            time.evaluation = each * tokensToRead(*m_held);
            time.evaluations = 1 + (m_plan.totalSteps + m_plan.evaluateEvery - 1) / m_plan.evaluateEvery;
        }
        return time;
    }

private:
    Result<void> stepsOf(const std::vector<Batch>& batches, const StopFlag& stop, TuningTime& time)
    {
        const auto pass = static_cast<std::size_t>(m_job.batch);
        std::vector<std::pair<double, const Batch*>> bySize;
        for (const Batch& batch : batches)
            bySize.emplace_back(paddedTokens(*m_taught, batch, pass), &batch);
        // Epochs differ by their order; a job of less than one takes the first of it.
        const auto counted = std::min<std::size_t>(bySize.size(), static_cast<std::size_t>(m_plan.totalSteps));
        double whole = 0;
        for (std::size_t i = 0; i < counted; ++i)
            whole += bySize[i].first;
        std::ranges::sort(bySize);
        double tokens = 0;
        double passes = 0;
        double updates = 0;
        for (std::size_t i = 0; i < kTried.size(); ++i) {
            if (stop.requested())
                return Error{.message = "The trial was stopped; nothing was written.", .kind = ErrorKind::Stopped};
            const auto& [size, batch] =
                bySize[static_cast<std::size_t>(kTried[i] * static_cast<double>(bySize.size() - 1))];
            const double begun = monotonicSeconds();
            const StepGradient found = gradientOf(*m_taught, *batch, pass, m_update);
            finish(m_job.device);
            const double passed = monotonicSeconds();
            m_update.apply(kAlmostNothing, clipFactor(found.norm, m_job.clip));
            finish(m_job.device);
            if (i == 0) continue;
            tokens += size;
            passes += passed - begun;
            updates += monotonicSeconds() - passed;
            ++time.tried;
        }
        time.step = passes / tokens * whole / static_cast<double>(counted) + updates / time.tried;
        return {};
    }

    /// A token of a pass that only reads, as evaluations and references have them.
    double secondsToRead() const
    {
        const Objective& objective = m_held->lengths().empty() ? *m_taught : *m_held;
        const c10::InferenceMode inference;
        const std::vector<Batch> batches = budgetBatches(objective.lengths(), kEvaluationTokens);
        const Batch& middle = batches[batches.size() / 2];
        double seconds = 0;
        for (const bool counts : {false, true}) {
            std::vector<ExampleScore> scores;
            const double begun = monotonicSeconds();
            objective.score(middle, scores); // its numbers come to the host
            if (counts) seconds = monotonicSeconds() - begun;
        }
        return seconds / paddedTokens(objective, middle, middle.size());
    }

    static double tokensToRead(const Objective& objective)
    {
        double tokens = 0;
        for (const Batch& batch : budgetBatches(objective.lengths(), kEvaluationTokens))
            tokens += paddedTokens(objective, batch, batch.size());
        return tokens;
    }

    const FolderTuning& m_job;
    TuningPlan m_plan;
    TaskHead* m_head;
    std::unique_ptr<Objective> m_taught;
    std::unique_ptr<Objective> m_held;
    WeightUpdate m_update;
};

} // namespace

Result<TuningTime> tryTuning(const FolderTuning& job, const Examples& taught, const std::vector<TaughtExample>& heldOut,
                             const StopFlag& stop)
{
    const ListedExamples held(heldOut);
    if (auto checked = checkFolderTuning(job); !checked) return checked.error();
    if (taught.size() == 0) return badInput("There is nothing to tune on: the set of examples is empty.");
    const auto opened = models::openModelFolder(job.folder);
    if (!opened) return opened.error();
    const auto work = [&]() -> Result<TuningTime> {
        for (const auto& [examples, what] :
             {std::pair<const Examples*, const char*>{&taught, "Example"}, {&held, "Held-out example"}})
            if (auto checked = checkExamples(job, opened->shape, *examples, what); !checked) return checked.error();
        const double begun = monotonicSeconds();
        auto model = openedForTuning(job, *opened);
        if (!model) return model.error();
        finish(job.device);
        const double loaded = monotonicSeconds() - begun;
        auto time = Trial(job, *model, taught, held).run(stop);
        if (time) time->loading = loaded;
        return time;
    };
    return caught("Trying to tune " + job.folder.string(), work, lessMemoryText(job));
}

std::string timeText(const TuningTime& time)
{
    const auto seconds = [](double value) { return fixedText(value, value < 10 ? 2 : 1) + " s"; };
    std::string text = "about " + durationText(time.sum()) + " (" + seconds(time.sum()) +
                       "): " + counted(static_cast<std::size_t>(time.steps), "step") + " of " + seconds(time.step);
    if (time.evaluations > 0)
        text += ", " + counted(static_cast<std::size_t>(time.evaluations), "evaluation") + " of " +
                seconds(time.evaluation);
    if (time.preparing > 0) text += ", the reference's answers " + seconds(time.preparing);
    return text + ", loading " + seconds(time.loading) + "; " + counted(static_cast<std::size_t>(time.tried), "step") +
           " tried";
}

} // namespace gradus::engine
