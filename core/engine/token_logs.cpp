// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/token_logs_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
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
            const at::Tensor logits = logitsOf(hidden_RD.narrow(0, begin, count), weight_VD);
            const at::Tensor sums = at::logsumexp(logits, {1});
            const at::Tensor own = logits.gather(1, targets_R.narrow(0, begin, count).unsqueeze(1)).squeeze(1);
            sums_R.narrow(0, begin, count).copy_(sums);
            logs_R.narrow(0, begin, count).copy_(own - sums);
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
            const at::Tensor upstream = gradients[0].narrow(0, begin, count).unsqueeze(1);
            // d log p(target) / d logits = [is the target] - p, times what comes from above.
            at::Tensor byLogits = logitsOf(hidden, weight_VD);
            byLogits.sub_(sums_R.narrow(0, begin, count).unsqueeze(1)).exp_().mul_(upstream.neg());
            byLogits.scatter_add_(1, targets_R.narrow(0, begin, count).unsqueeze(1), upstream);
            byLogits = byLogits.to(weight_VD.scalar_type());
            if (byHidden_RD.defined()) byHidden_RD.narrow(0, begin, count).copy_(byLogits.matmul(weight_VD));
            if (!byWeight_VD.defined()) continue;
            if (weight_VD.scalar_type() == at::kFloat)
                byWeight_VD.addmm_(byLogits.t(), hidden);
            else
                byWeight_VD.add_(byLogits.t().matmul(hidden));
        }
        if (byWeight_VD.defined()) byWeight_VD = byWeight_VD.to(weight_VD.scalar_type());
        return {byHidden_RD, byWeight_VD, at::Tensor(), at::Tensor()};
    }
};

} // namespace

at::Tensor tokenLogs(const at::Tensor& hidden_RD, const at::Tensor& weight_VD, const at::Tensor& targets_R,
                     std::int64_t mostLogits)
{
    const std::int64_t vocabulary = weight_VD.size(0);
    if (hidden_RD.size(0) * vocabulary <= mostLogits)
        return at::log_softmax(logitsOf(hidden_RD, weight_VD), 1).gather(1, targets_R.unsqueeze(1)).squeeze(1);
    return ChunkedLogs::apply(hidden_RD, weight_VD, targets_R, std::max<std::int64_t>(1, mostLogits / vocabulary / 2));
}

} // namespace gradus::engine
