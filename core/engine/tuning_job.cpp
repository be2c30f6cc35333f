// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tuning_job_impl.h"

#include "base/hash.h"
#include "base/text.h"
#include "engine/rate_schedule.h"
#include "models/adapter_folder_impl.h"
#include "models/adapter_targets_impl.h"
#include "models/folder_weights_impl.h"
#include "models/weights_impl.h"

#include <algorithm>
#include <cmath>

namespace gradus::engine {

namespace {

constexpr const char* kHeadName = "score.weight";
constexpr std::size_t kSamples = 64;
constexpr std::size_t kSampleBytes = std::size_t{16} << 10;

/// Bytes at even distances: another model of the same shape differs in all of them.
std::string sampled(const models::SafetensorsFile& file)
{
    const auto data = file.data();
    std::string bytes = std::to_string(data.size());
    const std::size_t stride = std::max(kSampleBytes, data.size() / kSamples);
    for (std::size_t at = 0; at < data.size(); at += stride)
        bytes.append(reinterpret_cast<const char*>(data.data() + at), std::min(kSampleBytes, data.size() - at));
    return sha256(bytes);
}

constexpr std::size_t kHashedAtOnce = std::size_t{1} << 22; ///< bytes

/// The hash of all that comes, a piece at a time: of the hash so far and the piece.
void appendExamples(std::string& text, const Examples& examples)
{
    const auto append = [&text](const auto& values) {
        text += std::to_string(values.size()) + ":";
        text.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
    };
    for (std::size_t i = 0; i < examples.size(); ++i) {
        const auto example = examples.at(i);
        append(example->target);
        text += numberText(example->preference);
        for (const TaughtSequence& sequence : example->sequences) {
            append(sequence.tokens);
            append(sequence.taught);
        }
        if (text.size() > kHashedAtOnce) text = sha256(text);
    }
}

HeadShape headOf(const FolderTuning& job)
{
    // As transformers has sequence classifiers: no bias, read at the last token.
    if (job.method == TuningMethod::Reward) return {.kind = HeadKind::Compare, .classes = 2, .bias = false};
    return {.kind = HeadKind::Classify, .classes = job.classes, .bias = false};
}

/// A fresh adapter, or the one to go on from.
Result<void> attachAdapter(const FolderTuning& job, OpenedModel& model)
{
    if (job.adapter.empty()) {
        if (job.rank == 0) return {};
        model.adapter = {.rank = job.rank,
                         .alpha = job.alpha,
                         .targets = job.targets.empty() ? models::usualTargets(model.decoder.shape()) : job.targets,
                         .seed = job.seed};
        return model.decoder.attachAdapters(model.adapter);
    }
    const auto folder = models::openAdapterFolder(job.adapter);
    if (!folder) return folder.error();
    std::vector<models::NamedTensor> head;
    if (model.head)
        for (const models::NamedTensor& tensor : model.head->named())
            if (const std::string name = "base_model.model." + tensor.name; folder->file.find(name) != nullptr)
                head.push_back({name, tensor.tensor});
    model.hasOwnHead = model.hasOwnHead || !head.empty();
    auto attached = models::attachAdapter(model.decoder, *folder, head);
    if (!attached) return attached.error();
    model.adapter = std::move(*attached);
    return {};
}

} // namespace

Result<TuningMethod> tuningMethodOf(const std::string& name)
{
    for (const TuningMethod method :
         {TuningMethod::Sft, TuningMethod::Reward, TuningMethod::Preference, TuningMethod::Classify})
        if (name == nameOf(method)) return method;
    return badInput("The method \"" + visible(name, 40) + "\" is unknown; use sft, reward, dpo or classify.");
}

std::string_view nameOf(TuningMethod method)
{
    switch (method) {
    case TuningMethod::Sft:
        return "sft";
    case TuningMethod::Reward:
        return "reward";
    case TuningMethod::Preference:
        return "dpo";
    case TuningMethod::Classify:
        return "classify";
    }
    return "";
}

TuningPlan planOf(const FolderTuning& job, std::size_t examples)
{
    const std::int64_t examplesInStep = std::int64_t{job.batch} * job.accumulate;
    TuningPlan plan{.stepsInEpoch = (static_cast<std::int64_t>(examples) + examplesInStep - 1) / examplesInStep};
    plan.totalSteps = plan.stepsInEpoch * job.epochs;
    if (job.maxSteps > 0) plan.totalSteps = std::min<std::int64_t>(plan.totalSteps, job.maxSteps);
    plan.evaluateEvery = job.evaluateEvery > 0 ? job.evaluateEvery : plan.stepsInEpoch;
    return plan;
}

Result<void> checkFolderTuning(const FolderTuning& job)
{
    if (job.epochs < 1 || job.batch < 1 || job.accumulate < 1)
        return badInput("Epochs, batch and accumulated passes must be 1 or more.");
    if (job.maxSteps < 0 || job.evaluateEvery < 0 || job.patience < 0 || job.checkpointEvery < 0)
        return badInput("Numbers of steps and the patience must be 0 or more.");
    for (const double number : {job.learningRate, job.weightDecay, job.clip, job.warmup, job.alpha})
        if (!std::isfinite(number))
            return badInput(
                "Learning rate, weight decay, clipping norm, warm-up and an adapter's alpha must be numbers.");
    if (!(job.learningRate > 0) || !(job.weightDecay >= 0) || !(job.clip >= 0))
        return badInput("The learning rate must be above 0, and weight decay and clipping norm 0 or more.");
    if (!(job.warmup >= 0 && job.warmup < 1)) return badInput("The warm-up must be in [0, 1).");
    if (job.method == TuningMethod::Classify && (job.classes < 2 || job.classes > 65536))
        return badInput("Classes must be 2 to 65,536.");
    if (job.rank < 0 || job.rank > 4096 || !(job.alpha > 0 && job.alpha <= 1e6))
        return badInput("An adapter's rank must be 0 to 4096 and its alpha above 0 and at most 1,000,000.");
    if (auto checked = checkPreferenceLoss(job.preference); !checked) return checked;
    if (const auto decay = decayOf(job.decay); !decay) return decay.error();
    return checkDevice(job.device);
}

Result<OpenedModel> openedForTuning(const FolderTuning& job, const models::ModelFolder& folder)
{
    const bool classifies = job.method == TuningMethod::Reward || job.method == TuningMethod::Classify;
    const at::Device device(job.device);
    const at::ScalarType type = job.precision == Precision::Brain16 ? at::kBFloat16 : at::kFloat;
    auto decoder =
        models::loadDecoder(folder, classifies ? std::vector<std::string>{kHeadName} : std::vector<std::string>{},
                            at::TensorOptions(type).device(device));
    if (!decoder) return decoder.error();
    OpenedModel model{.decoder = std::move(*decoder), .head = {}, .adapter = {}};
    if (classifies) {
        model.head.emplace(headOf(job), folder.shape.hiddenSize, job.seed);
        // A sequence classifier is tuned on from the head it has.
        if (std::ranges::any_of(folder.files, [](const auto& file) { return file.find(kHeadName) != nullptr; })) {
            if (auto loaded = models::loadWeights(folder.files, model.head->named()); !loaded) return loaded.error();
            model.hasOwnHead = true;
        }
    }
    if (auto attached = attachAdapter(job, model); !attached) return attached.error();
    model.decoder.convert(device, type); // adapters too
    model.decoder.recomputeLayers(job.recompute);
    if (model.head) model.head->moveTo(device);
    return model;
}

std::string jobName(const FolderTuning& job, const models::ModelFolder& folder, const Examples& taught,
                    const Examples& held)
{
    std::string text = std::string(nameOf(job.method)) + "|" + job.decay + "|" + job.device;
    for (const std::string& target : job.targets)
        text += "|" + target;
    for (const double number :
         {static_cast<double>(job.classes), static_cast<double>(job.preference.kind), job.preference.beta,
          job.preference.smoothing, static_cast<double>(job.rank), job.alpha, static_cast<double>(job.epochs),
          static_cast<double>(job.batch), static_cast<double>(job.accumulate), static_cast<double>(job.maxSteps),
          job.learningRate, job.weightDecay, job.warmup, job.clip, static_cast<double>(job.evaluateEvery),
          static_cast<double>(job.patience), static_cast<double>(job.recompute),
          static_cast<double>(job.precision == Precision::Brain16)})
        text += "|" + numberText(number);
    text += "|" + std::to_string(job.seed) + "|" + sha256(folder.config);
    for (const models::SafetensorsFile& file : folder.files)
        text += "|" + sampled(file);
    if (!job.adapter.empty())
        if (const auto adapter = models::openAdapterFolder(job.adapter)) text += "|" + sampled(adapter->file);
    std::string examples;
    appendExamples(examples, taught);
    examples += "|held|";
    appendExamples(examples, held);
    return text + "|" + sha256(examples);
}

} // namespace gradus::engine
