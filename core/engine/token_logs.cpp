// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/token_logs_impl.h"

#include "models/fused_math_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/logsumexp.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

namespace gradus::engine {

namespace {

at::Tensor logitsOf(const at::Tensor& hidden_RD, const at::Tensor& weight_VD)
{
    return at::linear(hidden_RD, weight_VD).to(at::kFloat);
}

/// Logs and sums of exponentials of some rows.
void logsOf(const at::Tensor& hidden_RD, const at::Tensor& weight_VD, const at::Tensor& targets_R,
            const at::Tensor& logs_R, const at::Tensor& sums_R)
{
    if (models::fusible(hidden_RD)) {
        models::tokenLogs(at::linear(hidden_RD, weight_VD), targets_R, logs_R, sums_R);
        return;
    }
    const at::Tensor logits = logitsOf(hidden_RD, weight_VD);
    sums_R.copy_(at::logsumexp(logits, {1}));
    logs_R.copy_(logits.gather(1, targets_R.unsqueeze(1)).squeeze(1) - sums_R);
}

/// d (upstream . logs) / d logits of some rows, in the weights' type: d log p(target) / d logits = [is the target] - p.
at::Tensor byLogitsOf(const at::Tensor& hidden_RD, const at::Tensor& weight_VD, const at::Tensor& targets_R,
                      const at::Tensor& sums_R, const at::Tensor& upstream_R)
{
    if (models::fusible(hidden_RD)) {
        at::Tensor logits = at::linear(hidden_RD, weight_VD);
        models::tokenGradient(logits, targets_R, sums_R, upstream_R.contiguous());
        return logits;
    }
    const at::Tensor upstream = upstream_R.unsqueeze(1);
    at::Tensor byLogits = logitsOf(hidden_RD, weight_VD);
    byLogits.sub_(sums_R.unsqueeze(1)).exp_().mul_(upstream.neg());
    byLogits.scatter_add_(1, targets_R.unsqueeze(1), upstream);
    return byLogits.to(weight_VD.scalar_type());
}

/// Adds what some rows' logits say of the weights; sums are float: many small parts.
void addByWeight(const at::Tensor& byWeight_VD, const at::Tensor& byLogits, const at::Tensor& hidden_RD)
{
    if (hidden_RD.scalar_type() == at::kFloat)
        byWeight_VD.addmm_(byLogits.t(), hidden_RD);
    else
        byWeight_VD.add_(byLogits.t().matmul(hidden_RD));
}

/// The rows' logits live one part at a time; what is kept for the gradient is a number a row.
struct ChunkedLogs final : torch::autograd::Function<ChunkedLogs>
{
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& hidden_RD,
                              const at::Tensor& weight_VD, const at::Tensor& targets_R, std::int64_t rowsAtOnce)
    {
        const std::int64_t rows = hidden_RD.size(0);
        at::Tensor logs_R = at::empty({rows}, hidden_RD.options().dtype(at::kFloat).requires_grad(false));
        at::Tensor sums_R = at::empty_like(logs_R); // log of the sum of exponentials
        for (std::int64_t begin = 0; begin < rows; begin += rowsAtOnce) {
            const std::int64_t count = std::min(rowsAtOnce, rows - begin);
            logsOf(hidden_RD.narrow(0, begin, count), weight_VD, targets_R.narrow(0, begin, count),
                   logs_R.narrow(0, begin, count), sums_R.narrow(0, begin, count));
        }
        context->save_for_backward({hidden_RD, weight_VD, targets_R, sums_R});
        context->saved_data["rows"] = rowsAtOnce;
        context->saved_data["hidden"] = hidden_RD.requires_grad();
        context->saved_data["weight"] = weight_VD.requires_grad();
        return logs_R;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        const at::Tensor& hidden_RD = saved[0];
        const at::Tensor& weight_VD = saved[1];
        const at::Tensor& targets_R = saved[2];
        const at::Tensor& sums_R = saved[3];
        const std::int64_t rows = hidden_RD.size(0);
        const std::int64_t rowsAtOnce = context->saved_data["rows"].toInt();
        at::Tensor byHidden_RD;
        at::Tensor byWeight_VD; // summed in float: many small parts
        if (context->saved_data["hidden"].toBool()) byHidden_RD = at::empty_like(hidden_RD);
        if (context->saved_data["weight"].toBool())
            byWeight_VD = at::zeros(weight_VD.sizes(), weight_VD.options().dtype(at::kFloat));
        for (std::int64_t begin = 0; begin < rows; begin += rowsAtOnce) {
            const std::int64_t count = std::min(rowsAtOnce, rows - begin);
            const at::Tensor hidden = hidden_RD.narrow(0, begin, count);
            const at::Tensor byLogits =
                byLogitsOf(hidden, weight_VD, targets_R.narrow(0, begin, count), sums_R.narrow(0, begin, count),
                           gradients[0].narrow(0, begin, count));
            if (byHidden_RD.defined()) byHidden_RD.narrow(0, begin, count).copy_(byLogits.matmul(weight_VD));
            if (byWeight_VD.defined()) addByWeight(byWeight_VD, byLogits, hidden);
        }
        if (byWeight_VD.defined()) byWeight_VD = byWeight_VD.to(weight_VD.scalar_type());
        return {byHidden_RD, byWeight_VD, at::Tensor(), at::Tensor()};
    }
};

/// The sum of the logs, with its gradients made while the logits are at hand: the sum's own gradient is one number, by
/// which they are multiplied when it is known.
struct SummedLogs final : torch::autograd::Function<SummedLogs>
{
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& hidden_RD,
                              const at::Tensor& weight_VD, const at::Tensor& targets_R, std::int64_t rowsAtOnce)
    {
        const std::int64_t rows = hidden_RD.size(0);
        const at::Tensor logs_R = at::empty({rows}, hidden_RD.options().dtype(at::kFloat).requires_grad(false));
        const at::Tensor sums_R = at::empty_like(logs_R);
        const at::Tensor ones_R = at::full_like(logs_R, 1);
        at::Tensor byHidden_RD;
        at::Tensor byWeight_VD;
        if (hidden_RD.requires_grad()) byHidden_RD = at::empty_like(hidden_RD);
        if (weight_VD.requires_grad())
            byWeight_VD = at::zeros(weight_VD.sizes(), weight_VD.options().dtype(at::kFloat).requires_grad(false));
        for (std::int64_t begin = 0; begin < rows; begin += rowsAtOnce) {
            const std::int64_t count = std::min(rowsAtOnce, rows - begin);
            const at::Tensor hidden = hidden_RD.narrow(0, begin, count);
            const at::Tensor targets = targets_R.narrow(0, begin, count);
            const at::Tensor sums = sums_R.narrow(0, begin, count);
            const at::Tensor logits = at::linear(hidden, weight_VD);
            models::tokenLogs(logits, targets, logs_R.narrow(0, begin, count), sums);
            if (!byHidden_RD.defined() && !byWeight_VD.defined()) continue;
            models::tokenGradient(logits, targets, sums, ones_R.narrow(0, begin, count));
            if (byHidden_RD.defined()) byHidden_RD.narrow(0, begin, count).copy_(logits.matmul(weight_VD));
            if (byWeight_VD.defined()) addByWeight(byWeight_VD, logits, hidden);
        }
        if (byWeight_VD.defined()) byWeight_VD = byWeight_VD.to(weight_VD.scalar_type());
        context->save_for_backward({byHidden_RD, byWeight_VD});
        return logs_R.sum();
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& gradients)
    {
        const auto made = context->get_saved_variables();
        const auto scaled = [&](const at::Tensor& by) {
            return by.defined() ? by.mul(gradients[0].to(by.scalar_type())) : at::Tensor();
        };
        return {scaled(made[0]), scaled(made[1]), at::Tensor(), at::Tensor()};
    }
};

} // namespace

std::int64_t mostLogits(const at::Device& device)
{
    return std::int64_t{1} << (device.is_cuda() ? 31 : 24);
}

at::Tensor summedTokenLogs(const at::Tensor& hidden_RD, const at::Tensor& weight_VD, const at::Tensor& targets_R,
                           std::int64_t mostLogits)
{
    if (!at::GradMode::is_enabled() || !models::fusible(hidden_RD))
        return tokenLogs(hidden_RD, weight_VD, targets_R, mostLogits).sum();
    return SummedLogs::apply(hidden_RD, weight_VD, targets_R,
                             std::max<std::int64_t>(1, mostLogits / weight_VD.size(0) / 2));
}

at::Tensor tokenLogs(const at::Tensor& hidden_RD, const at::Tensor& weight_VD, const at::Tensor& targets_R,
                     std::int64_t mostLogits)
{
    const std::int64_t vocabulary = weight_VD.size(0);
    if (hidden_RD.size(0) * vocabulary <= mostLogits && !models::fusible(hidden_RD))
        return at::log_softmax(logitsOf(hidden_RD, weight_VD), 1).gather(1, targets_R.unsqueeze(1)).squeeze(1);
    return ChunkedLogs::apply(hidden_RD, weight_VD, targets_R, std::max<std::int64_t>(1, mostLogits / vocabulary / 2));
}

} // namespace gradus::engine
