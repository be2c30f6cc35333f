// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train_step_impl.h"

#include "base/clock.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>

namespace gradus::engine {

double optimise(const at::Tensor& loss, AdamW& optimizer, double rate)
{
    loss.backward();
    optimizer.step(rate);
    return loss.item<double>();
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

Error divergence(std::int64_t step)
{
    return failed("Training diverged: the loss is not a number after step " + std::to_string(step) +
                  "; lower the learning rate or lengthen the warm-up.");
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
