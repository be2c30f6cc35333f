// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/tune_model.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "evals/metrics.h"
#include "models/model_folder.h"
#include "run/tuning_metrics.h"

#include <algorithm>
#include <cmath>

namespace gradus::run {

namespace {

constexpr double kNormal95 = 1.959963984540054;

/// Sum of values over sum of weights, with the interval of that ratio over independent rows (linearised).
Estimate ratio(const std::vector<std::pair<double, double>>& rows)
{
    double sum = 0;
    double weight = 0;
    for (const auto& [value, share] : rows) {
        sum += value;
        weight += share;
    }
    const double mean = sum / weight;
    double squares = 0;
    for (const auto& [value, share] : rows)
        squares += (value - mean * share) * (value - mean * share);
    const auto n = static_cast<double>(rows.size());
    const double error = n > 1 ? std::sqrt(n / (n - 1) * squares) / weight : 0;
    return {mean, mean - kNormal95 * error, mean + kNormal95 * error, static_cast<long long>(rows.size())};
}

Result<void> checkOutput(const std::filesystem::path& output)
{
    std::error_code failure;
    for (const char* name : {"config.json", "adapter_config.json"})
        if (std::filesystem::exists(output / name, failure))
            return badInput(output.string() + " holds a model already; name another folder with --output.");
    if (std::filesystem::exists(output, failure) && !std::filesystem::is_directory(output, failure))
        return badInput(output.string() + " is a file; name a folder with --output.");
    return {};
}

/// Seconds a step over what this process did, so that a resumed job is not flattered.
class Pace final
{
public:
    double left(const engine::TuningStep& step)
    {
        const double now = monotonicSeconds();
        if (m_first == 0) {
            m_first = step.step;
            m_begun = now;
        }
        const auto done = static_cast<double>(step.step - m_first);
        return done > 0 ? (now - m_begun) / done * static_cast<double>(step.totalSteps - step.step) : 0;
    }

private:
    std::int64_t m_first = 0;
    double m_begun = 0;
};

} // namespace

TuneEvaluation estimated(const engine::TuningEvaluation& evaluation, engine::TuningMethod method)
{
    TuneEvaluation made{.step = evaluation.step, .loss = {}, .accuracy = {}, .margin = {}};
    std::vector<std::pair<double, double>> losses;
    std::vector<std::pair<double, double>> margins;
    long long right = 0;
    for (const engine::ExampleScore& score : evaluation.scores) {
        losses.emplace_back(score.loss, score.weight);
        margins.emplace_back(score.chosen - score.rejected, 1);
        right += score.right ? 1 : 0;
    }
    if (losses.empty()) return made;
    made.loss = ratio(losses);
    if (method == engine::TuningMethod::Sft) return made;
    made.accuracy = evals::proportion(right, static_cast<long long>(losses.size()));
    if (method != engine::TuningMethod::Classify) made.margin = ratio(margins);
    return made;
}

namespace {

/// What comes before the first step; fills the job in.
Result<TuningData> begun(TuneRequest& request, const TuneProgress& progress)
{
    engine::FolderTuning& job = request.job;
    if (auto checked = engine::checkFolderTuning(job); !checked) return checked.error();
    if (auto checked = checkOutput(job.output); !checked) return checked.error();
    request.data.folder = job.folder;
    request.data.method = job.method;
    // Beside the folder that is to be: there must be room for that, too.
    const auto beside = std::filesystem::absolute(job.output).parent_path();
    std::error_code failure;
    if (request.data.scratch.empty() && std::filesystem::is_directory(beside, failure)) request.data.scratch = beside;
    auto data = readTuningData(request.data);
    if (!data) return data;
    if (progress.onData) progress.onData(*data);
    const auto shape = models::readModelShape(job.folder);
    if (!shape) return shape.error();
    if (progress.onMemory)
        progress.onMemory(engine::memoryOf(job, *shape, static_cast<std::int64_t>(data->longestTokens)));
    if (job.method == engine::TuningMethod::Classify) job.classes = data->classes;
    job.checkpoints = job.output / "checkpoints";
    return data;
}

/// Calls `work` with the rows, whether they lie in memory or in a file.
template <typename Work>
auto withTaught(const TuningData& data, const Work& work)
{
    const engine::ListedExamples listed(data.taught);
    return work(data.filed ? static_cast<const engine::Examples&>(*data.filed) : listed);
}

} // namespace

Result<engine::TuningTime> tryTuneModel(TuneRequest request, const StopFlag& stop, const TuneProgress& progress)
{
    const auto data = begun(request, progress);
    if (!data) return data.error();
    return withTaught(*data, [&](const engine::Examples& taught) {
        return engine::tryTuning(request.job, taught, data->held, stop);
    });
}

Result<TuneResult> tuneModel(TuneRequest request, const StopFlag& stop, const TuneProgress& progress)
{
    engine::FolderTuning& job = request.job;
    const auto data = begun(request, progress);
    if (!data) return data.error();
    TuneResult result{.folder = {}, .taught = data->taughtRows(), .held = data->held.size(), .before = {}, .after = {}};

    TuningMetrics metrics(job.output / "metrics.jsonl", job.method);
    std::vector<TuneEvaluation> evaluations;
    Result<void> written;
    Pace pace;
    engine::TuningListener listener;
    StopFlag halted; // stops the engine when the user does, or when the metrics cannot be written
    listener.onResume = [&](std::int64_t step) {
        auto earlier = metrics.resume(step);
        if (earlier)
            evaluations = std::move(*earlier);
        else
            written = earlier.error();
        if (progress.onResume) progress.onResume(step);
    };
    listener.onStep = [&](const engine::TuningStep& step) {
        if (written) written = metrics.add(step);
        if (!written || stop.requested()) halted.request();
        if (progress.onStep) progress.onStep(step, pace.left(step));
    };
    listener.onEvaluation = [&](const engine::TuningEvaluation& evaluation) {
        evaluations.push_back(estimated(evaluation, job.method));
        if (written) written = metrics.add(evaluations.back());
        if (!written || stop.requested()) halted.request();
        if (progress.onEvaluation) progress.onEvaluation(evaluations.back(), evaluation.best);
    };
    listener.onDivergence = [&](const engine::TuningDivergence& divergence) {
        if (written) written = metrics.add(divergence);
    };
    const auto tuned = withTaught(*data, [&](const engine::Examples& taught) {
        return engine::tuneFolder(job, taught, data->held, halted, listener);
    });
    if (!written) return written.error();
    if (!tuned) return tuned.error();
    result.folder = *tuned;
    for (const TuneEvaluation& evaluation : evaluations) {
        if (evaluation.step == 0) result.before = evaluation;
        if (evaluation.step == tuned->bestStep) result.after = evaluation;
    }
    if (auto added = metrics.finish(result); !added) return added.error();
    std::error_code leftOver; // checkpoints that stay behind do no harm
    std::filesystem::remove_all(job.checkpoints, leftOver);
    return result;
}

} // namespace gradus::run
