// SPDX-License-Identifier: GPL-3.0-or-later
// A linear layer that several named matrices of a checkpoint may share, each with its own low-rank adapter.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::models {

/// A parameter under its Hugging Face name; a view into packed storage where several are kept together.
struct NamedTensor
{
    std::string name;
    at::Tensor tensor;
};

/// y = x W' + b, plus scale x A' B' on the rows of every part that has an adapter (LoRA, arXiv 2106.09685). Copies
/// share weights; one thread at a time.
class Projection final
{
public:
    /// Parts stand below one another in the packed matrix.
    struct Part
    {
        std::string name; ///< "self_attn.q_proj"
        std::int64_t rows = 0;
    };

    Projection() = default;
    /// Weights are left undefined numbers, biases 0.
    Projection(std::vector<Part> parts, std::int64_t inputs, bool bias);

    at::Tensor operator()(const at::Tensor& x) const;

    const at::Tensor& weight() const { return m_weight; }
    const at::Tensor& bias() const { return m_bias; } ///< undefined without one
    /// "prefix" + part + ".weight", then all biases.
    void appendNamed(std::vector<NamedTensor>& all, const std::string& prefix) const;

    /// Gives the parts that targets name (isTarget) an adapter: A from (seed, name) with He's uniform bound, B zero, so
    /// that nothing changes at first. Returns how many.
    int attachAdapters(const std::string& prefix, const std::vector<std::string>& targets, std::int64_t rank,
                       double scale, std::uint64_t seed);
    /// "prefix" + part + ".lora_A.weight" and ".lora_B.weight".
    void appendAdapters(std::vector<NamedTensor>& all, const std::string& prefix) const;
    /// W += scale x B A, and the adapters are gone.
    void mergeAdapters();

private:
    struct Adapter
    {
        at::Tensor down; ///< A: [rank, inputs]
        at::Tensor up;   ///< B: [rows, rank]
    };
    bool adapted() const;

    at::Tensor m_weight; ///< [all rows, inputs]
    at::Tensor m_bias;
    std::vector<Part> m_parts;
    std::vector<Adapter> m_adapters; ///< one a part, undefined tensors where there is none
    double m_scale = 1;
};

} // namespace gradus::models
