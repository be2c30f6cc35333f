// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "base/text.h"
#include "engine/batches.h"
#include "engine/checkpoint_impl.h"
#include "engine/rate_schedule.h"
#include "engine/train_step_impl.h"
#include "engine/tuned_model_impl.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/softmax.h>

#include <cmath>

namespace gradus::engine {

namespace {

constexpr std::int64_t kMostCachedFeatures = std::int64_t{1} << 28; ///< floats: 1 GiB

/// Rows of probabilities, one a class.
Result<void> checkNoise(const std::vector<double>& noise, int classes)
{
    const auto k = static_cast<std::size_t>(classes);
    bool proper = noise.size() == k * k;
    for (std::size_t row = 0; proper && row < k; ++row) {
        double sum = 0;
        for (std::size_t label = 0; label < k; ++label) {
            proper = proper && noise[row * k + label] >= 0;
            sum += noise[row * k + label];
        }
        proper = proper && std::abs(sum - 1) < 1e-6;
    }
    if (proper) return {};
    return badInput("Forward correction needs " + std::to_string(classes) + " x " + std::to_string(classes) +
                    " probabilities of labels, rows of which sum to 1.");
}

Result<void> checkTuning(const LabelledItems& items, const TuningOptions& options, const HeadShape& head)
{
    if (items.items.empty()) return badInput("There is nothing to tune on: the set of labelled items is empty.");
    if (items.classes != head.classes)
        return badInput("The labels have " + std::to_string(items.classes) + " classes and the head has " +
                        std::to_string(head.classes) + "; they must agree.");
    if (items.targets.size() != items.items.size() * static_cast<std::size_t>(items.classes))
        return badInput("There are " + std::to_string(items.targets.size()) + " target numbers for " +
                        std::to_string(items.items.size()) + " items of " + std::to_string(items.classes) +
                        " classes.");
    for (std::size_t i = 0; i < items.targets.size(); ++i)
        if (!(items.targets[i] >= 0) || !std::isfinite(items.targets[i]))
            return badInput("The target of item " + std::to_string(i / static_cast<std::size_t>(items.classes) + 1) +
                            " is not a probability.");
    if (options.epochs < 1 || options.batch < 1) return badInput("Epochs and batch must be 1 or more.");
    if (!(options.learningRate > 0) || !(options.bodyScale >= 0) || !(options.weightDecay >= 0))
        return badInput("The learning rate must be above 0, and body scale and weight decay 0 or more.");
    if (!(options.warmup >= 0 && options.warmup < 1)) return badInput("The warm-up must be in [0, 1).");
    const WeakLoss& loss = options.loss;
    if (!(loss.weight >= 0 && loss.weight <= 1) || !(loss.warmup >= 0) || !(loss.selfExponent >= 0) ||
        !(loss.weakExponent >= 0) || !(loss.window > 0) || !(loss.q > 0 && loss.q <= 1))
        return badInput("The loss needs a weight in [0, 1], a warm-up and exponents of 0 or more, a window above 0 and "
                        "a q in (0, 1].");
    if (loss.kind == WeakLoss::Kind::Forward)
        if (auto checked = checkNoise(loss.noise, items.classes); !checked) return checked;
    if (!(options.clip >= 0)) return badInput("The clipping norm must be 0 or more.");
    if (options.checkpointEvery < 0) return badInput("The steps between checkpoints must be 0 or more.");
    return {};
}

/// Everything that decides the weights after a step, beside what jobHash already names.
std::string jobText(const LabelledItems& items, const TuningOptions& options, const models::ModelShape& shape)
{
    std::string text = options.jobHash + "|" + options.decay;
    for (const double number :
         {static_cast<double>(items.items.size()), static_cast<double>(options.epochs),
          static_cast<double>(options.batch), static_cast<double>(options.loss.kind), options.loss.weight,
          options.loss.warmup, options.loss.selfExponent, options.loss.weakExponent, options.loss.window,
          options.learningRate, options.bodyScale, options.weightDecay, options.warmup, options.clip, options.loss.q,
          static_cast<double>(shape.parameters())})
        text += "|" + numberText(number);
    for (const double probability : options.loss.noise)
        text += "|" + numberText(probability);
    return text + "|" + std::to_string(options.seed);
}

/// One job: what a step needs, prepared once.
class TuningJob final
{
public:
    TuningJob(models::Decoder decoder, const TaskHead& head, const LabelledItems& items, const TuningOptions& options,
              Decay decay, at::Tensor frozen)
        : m_decoder(std::move(decoder)), m_head(head), m_items(items), m_options(options), m_decay(decay),
          m_lengths(itemLengths(items.items)),
          m_checkpoints(options.checkpointFolder, jobText(items, options, m_decoder.shape())),
          m_trainable(m_decoder, head, options), m_features_NSD(std::move(frozen))
    {
        const auto count = static_cast<std::int64_t>(items.items.size());
        m_stepsInEpoch = (count + options.batch - 1) / options.batch;
        m_totalSteps = m_stepsInEpoch * options.epochs;
        if (!options.checkpointFolder.empty()) optimizer().setSteps(m_checkpoints.restore(state()));
        if (!tunesBody() && !m_features_NSD.defined() && optimizer().steps() < m_totalSteps)
            m_features_NSD = frozenFeatures(m_decoder, m_head, m_items.items);
    }
    TuningJob(const TuningJob&) = delete;
    TuningJob& operator=(const TuningJob&) = delete;

    Result<void> run(const StopFlag& stop, const std::function<void(const StepReport&)>& onStep)
    {
        std::vector<Batch> batches;
        std::int64_t batchesOf = -1;
        m_lastSaved = optimizer().steps();
        while (optimizer().steps() < m_totalSteps) {
            if (stop.requested()) return stopped();
            const std::int64_t epoch = optimizer().steps() / m_stepsInEpoch;
            if (epoch != batchesOf)
                batches = epochBatches(m_lengths, m_options.batch, m_options.seed, batchesOf = epoch);
            const auto index = static_cast<std::size_t>(optimizer().steps() % m_stepsInEpoch);
            const auto report = step(batches[index]);
            if (!report) return report.error();
            if (onStep) onStep(*report);
            if (checkpointDue(report->step))
                if (auto written = checkpoint(); !written) return written;
            if (m_options.watch != nullptr)
                if (auto seen = m_options.watch->afterStep(writer()); !seen) return seen;
        }
        return {};
    }

private:
    bool tunesBody() const { return m_options.bodyScale > 0; }
    AdamW& optimizer() { return m_trainable.optimizer(); }
    const AdamW& optimizer() const { return m_trainable.optimizer(); }

    bool checkpointDue(std::int64_t step) const
    {
        if (m_options.checkpointEvery == 0 || m_options.checkpointFolder.empty()) return false;
        return step % m_options.checkpointEvery == 0 || step == m_totalSteps;
    }

    Result<void> checkpoint()
    {
        if (m_options.beforeCheckpoint)
            if (auto settled = m_options.beforeCheckpoint(); !settled) return settled;
        if (auto written = m_checkpoints.write(state(), optimizer().steps()); !written) return written;
        m_lastSaved = optimizer().steps();
        return {};
    }

    /// What a watch may call at this step.
    TuningWatch::Write writer()
    {
        if (m_options.checkpointFolder.empty()) return {};
        return [this]() -> Result<void> { return optimizer().steps() > m_lastSaved ? checkpoint() : Result<void>(); };
    }

    Result<void> stopped()
    {
        const std::int64_t step = optimizer().steps();
        const bool saves = m_options.watch == nullptr || m_options.watch->savesOnStop();
        if (!m_options.checkpointFolder.empty() && saves && step > m_lastSaved)
            if (auto written = checkpoint(); !written) return written;
        std::string where = "; it will start again from the beginning.";
        if (m_lastSaved > 0 && m_lastSaved == step)
            where = " and can be resumed there.";
        else if (m_lastSaved > 0)
            where = " and can be resumed after step " + std::to_string(m_lastSaved) + ".";
        return Error{.message = "Tuning was stopped after step " + std::to_string(step) + " of " +
                                std::to_string(m_totalSteps) + where,
                     .kind = ErrorKind::Stopped};
    }

    /// What a training that diverges leaves behind.
    std::string kept() const
    {
        if (m_options.checkpointFolder.empty() || m_lastSaved == 0) return "no checkpoint had been written yet";
        return "the last good checkpoint is that of step " + std::to_string(m_lastSaved) + " in " +
               m_options.checkpointFolder.string();
    }

    at::Tensor targetsOf(const Batch& batch) const
    {
        const auto classes = static_cast<std::size_t>(m_items.classes);
        at::Tensor targets_NK = at::empty({static_cast<std::int64_t>(batch.size()), m_items.classes});
        float* row = targets_NK.data_ptr<float>();
        for (const std::int64_t item : batch)
            row = std::copy_n(m_items.targets.data() + static_cast<std::size_t>(item) * classes, classes, row);
        return targets_NK;
    }

    /// The batch's targets as the loss takes them, given what the model says now.
    at::Tensor shapedTargets(const Batch& batch, const at::Tensor& logits_NK) const
    {
        at::Tensor targets_NK = targetsOf(batch);
        if (m_options.loss.kind == WeakLoss::Kind::CrossEntropy) return targets_NK;
        const at::Tensor own_NK = at::softmax(logits_NK.detach(), 1).to(at::kCPU).contiguous();
        const auto size = static_cast<std::size_t>(targets_NK.numel());
        float* target = targets_NK.data_ptr<float>();
        const double progress = static_cast<double>(optimizer().steps()) / static_cast<double>(m_totalSteps);
        std::ranges::copy(weakTargets(m_options.loss, {target, size}, {own_NK.const_data_ptr<float>(), size},
                                      m_items.classes, progress),
                          target);
        return targets_NK;
    }

    at::Tensor featuresOf(const Batch& batch, std::int64_t& realTokens) const
    {
        if (m_features_NSD.defined()) {
            for (const std::int64_t item : batch)
                for (const Tokens& tokens : m_items.items[static_cast<std::size_t>(item)])
                    realTokens += static_cast<std::int64_t>(tokens.size());
            return m_features_NSD.index_select(0, indexTensor(batch).to(m_features_NSD.device()))
                .view({-1, m_decoder.shape().hiddenSize});
        }
        const SequenceBatch sequences = packSequences(m_items.items, batch, m_decoder.device());
        realTokens = sequences.realTokens;
        return m_head.features(m_decoder, sequences);
    }

    Result<StepReport> step(const Batch& batch)
    {
        StepReport report{.step = optimizer().steps() + 1, .totalSteps = m_totalSteps};
        const double rate = m_options.learningRate * rateFactor(report.step, m_totalSteps, m_options.warmup, m_decay);
        std::int64_t realTokens = 0;
        const at::Tensor logits_NK = m_head.logits(featuresOf(batch, realTokens));
        const auto loss = optimise(softCrossEntropy(logits_NK, shapedTargets(batch, logits_NK).to(logits_NK.device())),
                                   optimizer(), {.rate = rate, .clip = m_options.clip, .kept = kept()});
        if (!loss) return loss.error();
        report.loss = *loss;
        report.tokensPerSecond = m_throughput.add(realTokens);
        return report;
    }

    /// Weights that change and their moments, under names that stay the same from run to run.
    std::vector<models::NamedTensor> state() const
    {
        std::vector<models::NamedTensor> all = m_head.named();
        if (tunesBody())
            for (const models::NamedTensor& named : m_decoder.tuned())
                all.push_back(named);
        for (const AdamWGroup& group : optimizer().groups())
            for (std::size_t i = 0; i < group.parameters.size(); ++i) {
                const std::string name = "adamw." + group.name + "." + std::to_string(i);
                all.push_back({name + ".exp_avg", group.firstMoments[i]});
                all.push_back({name + ".exp_avg_sq", group.secondMoments[i]});
            }
        return all;
    }

    models::Decoder m_decoder; ///< shares its weights with the model
    const TaskHead& m_head;
    const LabelledItems& m_items;
    const TuningOptions& m_options;
    Decay m_decay;
    std::vector<std::int64_t> m_lengths;
    CheckpointFolder m_checkpoints;
    std::int64_t m_stepsInEpoch = 0;
    std::int64_t m_totalSteps = 0;
    std::int64_t m_lastSaved = 0; ///< step of the newest checkpoint on disk
    Trainable m_trainable;
    at::Tensor m_features_NSD; ///< defined when the body is frozen and the features fit
    Throughput m_throughput;
};

} // namespace

at::Tensor frozenFeatures(const models::Decoder& decoder, const TaskHead& head,
                          const std::vector<std::vector<Tokens>>& items)
{
    const auto perItem = static_cast<std::int64_t>(items.front().size());
    const auto count = static_cast<std::int64_t>(items.size());
    const std::int64_t width = decoder.shape().hiddenSize;
    if (count * perItem * width > kMostCachedFeatures) return {};
    const at::NoGradGuard noGrad;
    at::Tensor features_NSD =
        at::empty({count, perItem, width}, at::TensorOptions(at::kFloat).device(decoder.device()));
    for (const Batch& batch : budgetBatches(itemLengths(items), 4096 / perItem)) {
        const at::Tensor features = head.features(decoder, packSequences(items, batch, decoder.device()));
        features_NSD.index_copy_(0, indexTensor(batch).to(decoder.device()), features.reshape({-1, perItem, width}));
    }
    return features_NSD;
}

Result<void> runTuning(const models::Decoder& decoder, const TaskHead& head, const LabelledItems& items,
                       const TuningOptions& options, const StopFlag& stop,
                       const std::function<void(const StepReport&)>& onStep, const at::Tensor& frozen)
{
    if (auto checked = checkTuning(items, options, head.shape()); !checked) return checked;
    if (auto checked = checkItems(items.items, decoder.shape(), head.shape()); !checked) return checked;
    const auto decay = decayOf(options.decay, options.drawnDecay);
    if (!decay) return decay.error();
    return TuningJob(decoder, head, items, options, *decay, frozen).run(stop, onStep);
}

} // namespace gradus::engine
