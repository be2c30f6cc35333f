// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train_step_impl.h"

#include "base/clock.h"
#include "base/text.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>

namespace gradus::engine {

Result<double> optimise(const at::Tensor& loss, AdamW& optimizer, const Step& step)
{
    loss.backward();
    const double value = loss.item<double>();
    const double norm = optimizer.gradientNorm();
    if (!std::isfinite(value) || !std::isfinite(norm)) {
        const std::string kept = step.kept.empty() ? "" : "; " + step.kept;
        return failed("Training diverged: at step " + std::to_string(optimizer.steps() + 1) + " the " +
                      (std::isfinite(value) ? "gradient" : "loss") + " is not a number" + kept +
                      ". Lower the learning rate (" + numberText(step.rate) +
                      " here), lengthen the warm-up or set training.clip to 1.");
    }
    optimizer.step(step.rate, clipFactor(norm, step.clip));
    return value;
}

Trainable::Trainable(models::Decoder decoder, const TaskHead& head, const TuningOptions& options)
    : m_decoder(std::move(decoder)), m_head(head)
{
    const bool tunesBody = options.bodyScale > 0;
    m_decoder.requiresGradients(tunesBody);
    const std::vector<at::Tensor> parameters = m_head.parameters();
    for (const at::Tensor& parameter : parameters)
        parameter.set_requires_grad(true);
    if (tunesBody) m_optimizer.add("body", m_decoder.parameters(), options.bodyScale, options.weightDecay);
    m_optimizer.add("head", parameters, 1.0, options.weightDecay);
}

Trainable::~Trainable()
{
    m_decoder.requiresGradients(false);
    for (const at::Tensor& parameter : m_head.parameters()) {
        parameter.set_requires_grad(false);
        parameter.mutable_grad() = at::Tensor();
    }
}

at::Tensor indexTensor(const Batch& batch)
{
    at::Tensor indices = at::empty({static_cast<std::int64_t>(batch.size())}, at::kLong);
    std::copy(batch.begin(), batch.end(), indices.data_ptr<std::int64_t>());
    return indices;
}

Throughput::Throughput() : m_marks{{monotonicSeconds(), 0}} {}

double Throughput::add(std::int64_t tokens)
{
    constexpr std::size_t kWindow = 16;
    m_marks.push_back({monotonicSeconds(), m_marks.back().tokens + tokens});
    if (m_marks.size() > kWindow + 1) m_marks.pop_front();
    const double seconds = m_marks.back().seconds - m_marks.front().seconds;
    return static_cast<double>(m_marks.back().tokens - m_marks.front().tokens) / std::max(seconds, 1e-9);
}

} // namespace gradus::engine
