// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rate_schedule.h"
#include "engine/torch_errors_impl.h"
#include "engine/train_step_impl.h"
#include "models/weights_impl.h"

#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>

namespace gradus::engine {

namespace {

struct PackedBatch
{
    at::Tensor ids_BT;
    at::Tensor rows;    ///< flat positions that have a target; undefined when all have one
    at::Tensor targets; ///< one for each of those rows
};

Result<void> checkBatch(const PretrainBatch& batch, const models::ModelShape& shape, std::int64_t step)
{
    const std::string where = "The pretraining batch of step " + std::to_string(step);
    if (batch.inputs.empty() || batch.inputs.front().empty()) return badInput(where + " is empty.");
    const std::size_t length = batch.inputs.front().size();
    if (length > static_cast<std::size_t>(shape.maxPositions))
        return badInput(where + " is longer than the model's " + std::to_string(shape.maxPositions) + " positions.");
    if (batch.targets.size() != batch.inputs.size()) return badInput(where + " has inputs without targets.");
    bool any = false;
    for (std::size_t i = 0; i < batch.inputs.size(); ++i) {
        if (batch.inputs[i].size() != length || batch.targets[i].size() != length)
            return badInput(where + " has sequences of different lengths.");
        for (std::size_t t = 0; t < length; ++t) {
            const std::int32_t id = batch.inputs[i][t];
            const std::int32_t target = batch.targets[i][t];
            if (id < 0 || id >= shape.vocabularySize || target < -1 || target >= shape.vocabularySize)
                return badInput(where + " has a token outside the vocabulary.");
            any = any || target >= 0;
        }
    }
    if (!any) return badInput(where + " has no target at all.");
    return {};
}

PackedBatch pack(const PretrainBatch& batch)
{
    const auto rows = static_cast<std::int64_t>(batch.inputs.size());
    const auto length = static_cast<std::int64_t>(batch.inputs.front().size());
    std::vector<std::int64_t> positions;
    std::vector<std::int64_t> targets;
    PackedBatch packed{.ids_BT = at::empty({rows, length}, at::kLong), .rows = {}, .targets = {}};
    std::int64_t* id = packed.ids_BT.data_ptr<std::int64_t>();
    std::int64_t flat = 0;
    for (std::size_t i = 0; i < batch.inputs.size(); ++i)
        for (std::size_t t = 0; t < batch.inputs[i].size(); ++t, ++flat) {
            *id++ = batch.inputs[i][t];
            if (batch.targets[i][t] < 0) continue;
            positions.push_back(flat);
            targets.push_back(batch.targets[i][t]);
        }
    const auto toTensor = [](const std::vector<std::int64_t>& values) {
        at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, at::kLong);
        std::copy(values.begin(), values.end(), tensor.data_ptr<std::int64_t>());
        return tensor;
    };
    packed.targets = toTensor(targets);
    if (static_cast<std::int64_t>(positions.size()) < rows * length) packed.rows = toTensor(positions);
    return packed;
}

/// Mean cross-entropy over the positions that have a target; the others never meet the vocabulary.
at::Tensor languageLoss(const models::Decoder& decoder, const PackedBatch& batch)
{
    at::Tensor hidden = decoder.hidden(batch.ids_BT);
    hidden = hidden.reshape({-1, hidden.size(2)});
    if (batch.rows.defined()) hidden = hidden.index_select(0, batch.rows);
    return at::cross_entropy_loss(decoder.logits(hidden), batch.targets);
}

Result<void> pretrain(models::Decoder& decoder, const PretrainOptions& options, const BatchSource& source,
                      const StopFlag& stop, const std::function<void(const StepReport&)>& onStep)
{
    decoder.requiresGradients(true);
    AdamW optimizer;
    optimizer.add("body", decoder.parameters(), 1.0, options.weightDecay);
    Throughput throughput;
    for (std::int64_t step = 1; step <= options.steps; ++step) {
        if (stop.requested())
            return Error{.message = "Pretraining was stopped after step " + std::to_string(step - 1) + " of " +
                                    std::to_string(options.steps) + "; it will start again from the beginning.",
                         .kind = ErrorKind::Stopped};
        const PretrainBatch batch = source(step);
        if (auto checked = checkBatch(batch, decoder.shape(), step); !checked) return checked;
        const PackedBatch packed = pack(batch);
        StepReport report{.step = step, .totalSteps = options.steps};
        const double rate = options.learningRate * rateFactor(step, options.steps, options.warmup, Decay::Cosine);
        const auto loss = optimise(languageLoss(decoder, packed), optimizer, {.rate = rate});
        if (!loss) return loss.error();
        report.loss = *loss;
        report.tokensPerSecond = throughput.add(packed.ids_BT.numel());
        if (onStep) onStep(report);
    }
    decoder.requiresGradients(false);
    return {};
}

} // namespace

Result<std::string> pretrainBody(const models::ModelShape& shape, const PretrainOptions& options,
                                 const BatchSource& source, const std::filesystem::path& safetensors,
                                 const StopFlag& stop, const std::function<void(const StepReport&)>& onStep)
{
    if (auto checked = models::checkShape(shape); !checked) return checked.error();
    if (options.steps < 1 || !(options.learningRate > 0) || !(options.warmup >= 0 && options.warmup < 1))
        return badInput("Pretraining needs 1 step or more, a learning rate above 0 and a warm-up in [0, 1).");
    return caught("Pretraining", [&]() -> Result<std::string> {
        models::Decoder decoder(shape, options.seed);
        if (auto done = pretrain(decoder, options, source, stop, onStep); !done) return done.error();
        std::vector<models::NamedTensor> weights = decoder.named();
        if (options.halfPrecisionFile)
            for (models::NamedTensor& named : weights)
                named.tensor = named.tensor.to(at::kHalf);
        return models::writeSafetensors(safetensors, models::borrowBytes(weights),
                                        {{"format", "pt"}, {"gradus.shape", models::shapeToJson(shape)}});
    });
}

} // namespace gradus::engine
