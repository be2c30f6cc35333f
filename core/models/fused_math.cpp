// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fused_math_impl.h"

#include "models/cuda_kernels_impl.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include <algorithm>
#include <cmath>

namespace gradus::models {

namespace {

constexpr int kThreads = 256;
constexpr int kLogThreads = 1024;
constexpr std::int64_t kMostBlocks = 8192;

/// The kernel for the tensor's type that moves 16 bytes at once where rows of `width` numbers allow it.
std::string variant(const char* name, const at::Tensor& tensor, std::int64_t width)
{
    const bool wide = tensor.scalar_type() == at::kFloat;
    const int pack = wide ? 4 : 8;
    return std::string(name) + (wide ? "_f" : "_b") + (width % pack == 0 ? std::to_string(pack) : "1");
}

void turn(const at::Tensor& packed, const ApartHeads& apart, const at::Tensor& cosine, const at::Tensor& sine,
          float direction)
{
    const auto heads = static_cast<int>(apart.queries.size(1));
    const auto groups = static_cast<int>(apart.keys.size(1));
    const auto size = static_cast<int>(apart.queries.size(2));
    const long long period = cosine.numel() / (size / 2);
    CudaKernels::of(packed)->launch(variant("turn_heads", packed, size / 2), packed.size(0), kThreads,
                                    packed.data_ptr(), apart.queries.data_ptr(), apart.keys.data_ptr(),
                                    apart.values.data_ptr(), cosine.const_data_ptr(), sine.const_data_ptr(), heads,
                                    groups, size, period, direction);
}

} // namespace

bool fusible(const at::Tensor& tensor)
{
    return tensor.is_cuda() && tensor.is_contiguous() &&
           reinterpret_cast<std::uintptr_t>(tensor.const_data_ptr()) % 16 == 0 &&
           (tensor.scalar_type() == at::kFloat || tensor.scalar_type() == at::kBFloat16) &&
           CudaKernels::of(tensor) != nullptr;
}

at::Tensor swigluForward(const at::Tensor& gateUp)
{
    const long long width = gateUp.size(1) / 2;
    at::Tensor out = at::empty({gateUp.size(0), width}, gateUp.options().requires_grad(false));
    CudaKernels::of(gateUp)->launch(variant("swiglu_forward", gateUp, width), gateUp.size(0), kThreads,
                                    gateUp.const_data_ptr(), out.data_ptr(), width);
    return out;
}

at::Tensor swigluBackward(const at::Tensor& gateUp, const at::Tensor& upstream)
{
    const long long width = gateUp.size(1) / 2;
    at::Tensor byGateUp = at::empty_like(gateUp);
    CudaKernels::of(gateUp)->launch(variant("swiglu_backward", gateUp, width), gateUp.size(0), kThreads,
                                    gateUp.const_data_ptr(), upstream.const_data_ptr(), byGateUp.data_ptr(), width);
    return byGateUp;
}

ApartHeads turnedApart(const at::Tensor& packed, const at::Tensor& cosine, const at::Tensor& sine, std::int64_t heads,
                       std::int64_t groups)
{
    const std::int64_t positions = packed.size(0);
    const std::int64_t size = packed.size(1) / (heads + 2 * groups);
    const auto options = packed.options().requires_grad(false);
    ApartHeads apart{.queries = at::empty({positions, heads, size}, options),
                     .keys = at::empty({positions, groups, size}, options),
                     .values = at::empty({positions, groups, size}, options)};
    turn(packed, apart, cosine, sine, 1);
    return apart;
}

at::Tensor turnedBack(const ApartHeads& apart, const at::Tensor& cosine, const at::Tensor& sine)
{
    const std::int64_t width =
        (apart.queries.size(1) + apart.keys.size(1) + apart.values.size(1)) * apart.queries.size(2);
    const at::Tensor packed = at::empty({apart.queries.size(0), width}, apart.queries.options().requires_grad(false));
    turn(packed, apart, cosine, sine, -1);
    return packed;
}

void tokenLogs(const at::Tensor& logits_RV, const at::Tensor& targets_R, const at::Tensor& logs_R,
               const at::Tensor& sums_R)
{
    const long long vocabulary = logits_RV.size(1);
    CudaKernels::of(logits_RV)->launch(variant("token_logs", logits_RV, vocabulary), logits_RV.size(0), kLogThreads,
                                       logits_RV.const_data_ptr(), targets_R.const_data_ptr(), logs_R.data_ptr(),
                                       sums_R.data_ptr(), vocabulary);
}

void tokenGradient(const at::Tensor& logits_RV, const at::Tensor& targets_R, const at::Tensor& sums_R,
                   const at::Tensor& upstream_R)
{
    const long long vocabulary = logits_RV.size(1);
    CudaKernels::of(logits_RV)->launch(variant("token_gradient", logits_RV, vocabulary), logits_RV.size(0), kLogThreads,
                                       logits_RV.data_ptr(), targets_R.const_data_ptr(), sums_R.const_data_ptr(),
                                       upstream_R.const_data_ptr(), vocabulary);
}

void adamw(const at::Tensor& image, const at::Tensor& weight, const at::Tensor& gradient, const at::Tensor& first,
           const at::Tensor& second, const AdamWStep& step)
{
    const long long count = image.numel();
    const std::string kernel = variant("adamw", image, count);
    const std::int64_t perBlock = kThreads * std::int64_t{kernel.back() - '0'};
    const auto shrink = static_cast<float>(1 - std::pow(0.9, static_cast<double>(step.count)));
    const auto root = static_cast<float>(std::sqrt(1 - std::pow(0.999, static_cast<double>(step.count))));
    CudaKernels::of(image)->launch(kernel, std::min((image.numel() + perBlock - 1) / perBlock, kMostBlocks), kThreads,
                                   image.data_ptr(), weight.data_ptr(), gradient.const_data_ptr(), first.data_ptr(),
                                   second.data_ptr(), count, static_cast<float>(step.factor),
                                   static_cast<float>(step.rate), static_cast<float>(step.decay), shrink, root);
}

} // namespace gradus::models
