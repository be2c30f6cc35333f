// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/writers.h"

#include "base/files.h"
#include "base/hash.h"
#include "data/register_traces.h"
#include "models/model_shape.h"
#include "pipeline/competence_stage.h"
#include "pipeline/file_mutex.h"

#include <numeric>

namespace gradus::pipeline {

namespace {

constexpr std::uint64_t kWritingSeed = 1; // one writer for all seeds, as one body is
constexpr int kBatch = 64;
constexpr double kRate = 2e-3;
constexpr int kAnswersAtOnce = 256;   ///< side by side; small models gain from many
constexpr double kSequenceCost = 1.5; ///< a written-out program beside an item of the task, in tokens

models::ModelShape shapeOf(const LadderRung& rung)
{
    models::ModelShape shape = rung.shape;
    if (!rung.folder.empty()) return shape;
    shape.maxPositions = data::traces::kPositions;
    return shape;
}

Result<void> teach(const StageContext& context, int rung, const std::filesystem::path& body,
                   const std::filesystem::path& file)
{
    const int count = context.spec.experiment.self.examples;
    const LadderRung& at = context.ladder.at(rung);
    auto model = engine::LanguageModel::fromBody(body, shapeOf(at));
    if (!model) return model.error();
    const data::traces::Examples examples = data::traces::examples(count, kWritingSeed);
    engine::TuningOptions options;
    options.watch = context.desk;
    options.batch = kBatch;
    options.learningRate = kRate;
    options.seed = kWritingSeed;
    const double step = kSequenceCost * tuningWork(at, 1, kBatch);
    context.meter.extend(step * (count + kBatch - 1) / kBatch);
    const auto onStep = [&](const engine::StepReport& report) {
        context.meter.advance(step,
                              "rung " + at.name + " learns to write: step " + std::to_string(report.step) + " of " +
                                  std::to_string(report.totalSteps),
                              0, report.tokensPerSecond);
    };
    const auto taught =
        model->tune({.prompts = examples.programs, .responses = examples.responses}, options, context.stop, onStep);
    if (!taught) return taught.error();
    if (const auto made = makeFolder(file.parent_path()); !made) return made.error();
    if (const auto saved = model->saveBody(file); !saved) return saved.error();
    return {};
}

/// A folder's weights as one file of ours, once for all runs.
Result<std::filesystem::path> folderWriter(const StageContext& context, int rung)
{
    const auto hash = context.ladder.baseHash(rung, context.stop, {});
    if (!hash) return hash.error();
    const std::filesystem::path file =
        context.ladder.modelsFolder() / "writers" / (sha256("folder writer 1/" + *hash).substr(0, 16) + ".safetensors");
    const std::lock_guard lock(fileMutex(file));
    if (std::filesystem::exists(file)) return file;
    const auto model = engine::LanguageModel::open(context.ladder.at(rung).folder);
    if (!model) return model.error();
    if (const auto made = makeFolder(file.parent_path()); !made) return made.error();
    if (const auto saved = model->saveBody(file); !saved) return saved.error();
    return file;
}

} // namespace

Result<std::filesystem::path> writerFile(const StageContext& context, int rung)
{
    if (!context.ladder.at(rung).folder.empty()) return folderWriter(context, rung);
    const auto body = context.ladder.body(rung, context.stop, {});
    if (!body) return body.error();
    const auto hash = sha256OfFile(*body);
    if (!hash) return hash.error();
    // The number of threads and the device change the order of sums, and so the weights.
    const spec::Compute& compute = context.spec.experiment.compute;
    const std::string name =
        sha256("writer 1/" + *hash + "/" + std::to_string(context.spec.experiment.self.examples) + "/" +
               std::to_string(compute.threads) + (compute.device == "cpu" ? "" : "/" + compute.device));
    const std::filesystem::path file =
        context.ladder.modelsFolder() / "writers" / (name.substr(0, 16) + ".safetensors");
    const std::lock_guard lock(fileMutex(file));
    if (std::filesystem::exists(file)) return file;
    if (const auto taught = teach(context, rung, *body, file); !taught) return taught.error();
    return file;
}

Result<engine::LanguageModel> loadWriter(const StageContext& context, int rung, const std::filesystem::path& file)
{
    return engine::LanguageModel::fromBody(file, shapeOf(context.ladder.at(rung)));
}

Result<Answers> answersOf(const engine::LanguageModel& model, const AnswerForm& form,
                          const std::vector<engine::Tokens>& prompts, int samples,
                          const engine::SamplingOptions& sampling, bool measured, const StopFlag& stop)
{
    std::vector<engine::Tokens> asked;
    asked.reserve(prompts.size() * static_cast<std::size_t>(samples));
    for (const engine::Tokens& prompt : prompts)
        asked.insert(asked.end(), static_cast<std::size_t>(samples), prompt);
    engine::GenerationOptions options = form.ends();
    options.sampling = sampling;
    options.batch = kAnswersAtOnce;
    options.measure = measured;
    auto made = model.generate(asked, options, stop);
    if (!made) return made.error();
    Answers answers(prompts.size());
    for (std::size_t i = 0; i < made->size(); ++i)
        answers[i / static_cast<std::size_t>(samples)].push_back(std::move((*made)[i]));
    return answers;
}

Result<std::vector<std::vector<double>>> logsOf(const engine::LanguageModel& model,
                                                const std::vector<engine::Tokens>& prompts, const Answers& answers)
{
    std::vector<engine::Tokens> whole;
    for (std::size_t i = 0; i < prompts.size(); ++i)
        for (const engine::Continuation& answer : answers[i]) {
            whole.push_back(prompts[i]);
            whole.back().insert(whole.back().end(), answer.tokens.begin(), answer.tokens.end());
        }
    const auto scores = model.score(whole);
    if (!scores) return scores.error();
    std::vector<std::vector<double>> logs(prompts.size());
    auto score = scores->begin();
    for (std::size_t i = 0; i < prompts.size(); ++i)
        for (std::size_t k = 0; k < answers[i].size(); ++k, ++score)
            logs[i].push_back(
                std::accumulate(score->logProbabilities.begin() + static_cast<std::ptrdiff_t>(prompts[i].size()) - 1,
                                score->logProbabilities.end(), 0.0));
    return logs;
}

std::vector<engine::Tokens> promptsOf(const data::ItemSet& set)
{
    std::vector<engine::Tokens> prompts;
    prompts.reserve(set.items.size());
    for (const data::Item& item : set.items)
        prompts.push_back(item.sequences.front());
    return prompts;
}

} // namespace gradus::pipeline
