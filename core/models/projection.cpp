// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection_impl.h"

#include "base/rng.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

namespace gradus::models {

namespace {

std::string_view lastComponent(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

void fillUniform(const at::Tensor& tensor, std::uint64_t seed, const std::string& name, double bound)
{
    Rng rng(seed, "init/" + name);
    float* values = tensor.data_ptr<float>();
    for (std::int64_t i = 0; i < tensor.numel(); ++i)
        values[i] = static_cast<float>(bound * (2 * rng.uniform() - 1));
}

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
    const at::Tensor y = at::linear(x, m_weight, m_bias);
    if (!adapted()) return y;
    std::vector<at::Tensor> deltas;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const Adapter& adapter = m_adapters[i];
        if (adapter.down.defined()) {
            deltas.push_back(at::linear(at::linear(x, adapter.down), adapter.up) * m_scale);
            continue;
        }
        std::vector<std::int64_t> sizes = y.sizes().vec();
        sizes.back() = m_parts[i].rows;
        deltas.push_back(at::zeros(sizes, y.options().requires_grad(false)));
    }
    return y + (deltas.size() == 1 ? deltas.front() : at::cat(deltas, -1));
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
        if (std::ranges::find(targets, lastComponent(m_parts[i].name)) == targets.end()) continue;
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
