// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection_impl.h"

#include "base/rng.h"
#include "models/adapter_targets_impl.h"
#include "models/linear_impl.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace gradus::models {

namespace {

void fillUniform(const at::Tensor& tensor, std::uint64_t seed, const std::string& name, double bound)
{
    Rng rng(seed, "init/" + name);
    float* values = tensor.data_ptr<float>();
    for (std::int64_t i = 0; i < tensor.numel(); ++i)
        values[i] = static_cast<float>(bound * (2 * rng.uniform() - 1));
}

/// y = x W' + b with a frozen W, and scale x A' B' added to each adapted part's columns where they stand. Kept for the
/// gradient: x and the few numbers x A' a row.
struct AdaptedLinear final : torch::autograd::Function<AdaptedLinear>
{
    using Context = torch::autograd::AutogradContext;
    using Tensors = torch::autograd::variable_list;

    /// matrices: A and B of each part, in turn; rows: where the part begins and how many rows it has, in turn.
    static at::Tensor forward(Context* context, const at::Tensor& x_ND, const at::Tensor& weight,
                              const std::optional<at::Tensor>& bias, at::TensorList matrices,
                              const std::vector<std::int64_t>& rows, double scale)
    {
        Tensors kept{x_ND, weight};
        at::Tensor y = at::linear(x_ND, weight, bias);
        for (std::size_t i = 0; i < matrices.size(); i += 2) {
            const at::Tensor inner = at::linear(x_ND, matrices[i]);
            y.narrow(1, rows[i], rows[i + 1]).addmm_(inner, matrices[i + 1].t(), 1, scale);
            kept.insert(kept.end(), {matrices[i], matrices[i + 1], inner});
        }
        context->save_for_backward(kept);
        context->saved_data["rows"] = rows;
        context->saved_data["scale"] = scale;
        context->saved_data["wanted"] = x_ND.requires_grad();
        return y;
    }

    static Tensors backward(Context* context, const Tensors& gradients)
    {
        const Tensors kept = context->get_saved_variables();
        const auto rows = context->saved_data["rows"].toIntVector();
        const double scale = context->saved_data["scale"].toDouble();
        const at::Tensor above = gradients.front().contiguous();
        at::Tensor byX;
        if (context->saved_data["wanted"].toBool()) byX = above.mm(kept[1]);
        Tensors all{at::Tensor(), at::Tensor(), at::Tensor()}; // x, and the frozen weight and bias
        for (std::size_t i = 0; 2 * i < rows.size(); ++i) {
            const at::Tensor own = above.narrow(1, rows[2 * i], rows[2 * i + 1]);
            const at::Tensor byInner = own.mm(kept[3 + 3 * i]).mul_(scale);
            all.push_back(byInner.t().mm(kept[0]));
            all.push_back(own.t().mm(kept[4 + 3 * i]).mul_(scale));
            if (byX.defined()) byX.addmm_(byInner, kept[2 + 3 * i]);
        }
        all.front() = byX;
        all.insert(all.end(), {at::Tensor(), at::Tensor()}); // rows, scale
        return all;
    }
};

} // namespace

Projection::Projection(std::vector<Part> parts, std::int64_t inputs, bool bias)
    : m_parts(std::move(parts)), m_adapters(m_parts.size())
{
    std::int64_t rows = 0;
    for (const Part& part : m_parts)
        rows += part.rows;
    m_weight = at::empty({rows, inputs});
    if (bias) m_bias = at::zeros({rows});
}

bool Projection::adapted() const
{
    return std::ranges::any_of(m_adapters, [](const Adapter& adapter) { return adapter.down.defined(); });
}

at::Tensor Projection::operator()(const at::Tensor& x) const
{
    if (!adapted()) return linear(x, m_weight, m_bias);
    std::vector<at::Tensor> matrices;
    std::vector<std::int64_t> rows;
    std::int64_t row = 0;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        if (m_adapters[i].down.defined()) {
            matrices.insert(matrices.end(), {m_adapters[i].down, m_adapters[i].up});
            rows.insert(rows.end(), {row, m_parts[i].rows});
        }
        row += m_parts[i].rows;
    }
    std::vector<std::int64_t> sizes = x.sizes().vec();
    sizes.back() = row;
    const std::optional<at::Tensor> bias = m_bias.defined() ? std::optional(m_bias) : std::nullopt;
    return AdaptedLinear::apply(x.reshape({-1, x.size(-1)}), m_weight, bias, at::TensorList(matrices), rows, m_scale)
        .view(sizes);
}

void Projection::appendNamed(std::vector<NamedTensor>& all, const std::string& prefix) const
{
    const at::NoGradGuard views; // a recorded view could not be written into
    std::int64_t row = 0;
    for (const Part& part : m_parts) {
        all.push_back({prefix + part.name + ".weight", m_weight.narrow(0, row, part.rows)});
        row += part.rows;
    }
    if (!m_bias.defined()) return;
    row = 0;
    for (const Part& part : m_parts) {
        all.push_back({prefix + part.name + ".bias", m_bias.narrow(0, row, part.rows)});
        row += part.rows;
    }
}

int Projection::attachAdapters(const std::string& prefix, const std::vector<std::string>& targets, std::int64_t rank,
                               double scale, std::uint64_t seed)
{
    int attached = 0;
    m_scale = scale;
    const std::int64_t inputs = m_weight.size(1);
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        if (!isTarget(prefix + m_parts[i].name, targets)) continue;
        m_adapters[i] = {at::empty({rank, inputs}), at::zeros({m_parts[i].rows, rank})};
        // The usual start: He's bound with a = sqrt 5, which is 1 / sqrt(inputs).
        fillUniform(m_adapters[i].down, seed, prefix + m_parts[i].name + ".lora_A.weight",
                    1 / std::sqrt(static_cast<double>(inputs)));
        ++attached;
    }
    return attached;
}

void Projection::appendAdapters(std::vector<NamedTensor>& all, const std::string& prefix) const
{
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        if (!m_adapters[i].down.defined()) continue;
        all.push_back({prefix + m_parts[i].name + ".lora_A.weight", m_adapters[i].down});
        all.push_back({prefix + m_parts[i].name + ".lora_B.weight", m_adapters[i].up});
    }
}

void Projection::mergeAdapters()
{
    const at::NoGradGuard noGrad;
    std::int64_t row = 0;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        Adapter& adapter = m_adapters[i];
        if (adapter.down.defined())
            m_weight.narrow(0, row, m_parts[i].rows).add_(adapter.up.matmul(adapter.down), m_scale);
        adapter = {};
        row += m_parts[i].rows;
    }
}

} // namespace gradus::models
