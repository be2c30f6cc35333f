// SPDX-License-Identifier: GPL-3.0-or-later
// The recurrent branch. By itself autograd adds a gradient as large as all positions' inputs for each position, so that
// a pass back costs the square of their number; here each position's is written where it belongs.
#include "models/branch_parts_impl.h"
#include "models/residual_branches_impl.h"
#include "models/row_loops.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/tanh_backward.h>
#include <torch/csrc/autograd/custom_function.h>

#include <utility>

namespace gradus::models {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// One matrix a position, each where libtorch would put a tensor: vector mathematics may depend on it.
at::Tensor perPosition(std::int64_t positions, std::int64_t numbers, const at::TensorOptions& options)
{
    constexpr std::int64_t kLine = 16; // floats
    return at::empty({positions, (numbers + kLine - 1) / kLine * kLine}, options);
}

at::Tensor matrixAt(const at::Tensor& all, std::int64_t position, std::int64_t rows, std::int64_t columns)
{
    return all.select(0, position).narrow(0, 0, rows * columns).view({rows, columns});
}

struct Recurrence final : torch::autograd::Function<Recurrence>
{
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x_BTD, const at::Tensor& norm_D,
                              const at::Tensor& input, const at::Tensor& inputBias, const at::Tensor& state,
                              const at::Tensor& stateBias, const at::Tensor& output, double epsilon)
    {
        const std::int64_t batch = x_BTD.size(0);
        const std::int64_t positions = x_BTD.size(1);
        const std::int64_t width = x_BTD.size(2);
        const auto options = x_BTD.options().requires_grad(false);
        const NormedRows normed = rmsNormOf(asRows(x_BTD), norm_D, epsilon);
        const at::Tensor inputs = productOf(normed.out_ND, input, inputBias);
        const at::Tensor helds = perPosition(positions, batch * 3 * width, options);
        const at::Tensor gates = perPosition(positions, batch * 2 * width, options);
        const at::Tensor freshes = perPosition(positions, batch * width, options);
        const at::Tensor states = perPosition(positions + 1, batch * width, options); // the first is that before
        const at::Tensor out = at::empty({batch * positions, width}, options);
        matrixAt(states, 0, batch, width).zero_();
        for (std::int64_t t = 0; t < positions; ++t) {
            const at::Tensor before = matrixAt(states, t, batch, width);
            const at::Tensor after = matrixAt(states, t + 1, batch, width);
            at::Tensor held = matrixAt(helds, t, batch, 3 * width);
            at::Tensor gate = matrixAt(gates, t, batch, 2 * width);
            at::Tensor fresh = matrixAt(freshes, t, batch, width);
            at::addmm_out(held, stateBias, before, state.t());
            const GateRows unit = unitOf(inputs, held, t, positions);
            gateSums(unit, gate.data_ptr<float>());
            at::sigmoid_out(gate, gate);
            freshSums(unit, gate.const_data_ptr<float>(), fresh.data_ptr<float>());
            at::tanh_out(fresh, fresh);
            nextState(unit, gate.const_data_ptr<float>(), fresh.const_data_ptr<float>(), before.const_data_ptr<float>(),
                      after.data_ptr<float>(), out.data_ptr<float>() + t * width, positions * width);
        }
        context->save_for_backward({x_BTD, norm_D, input, state, output, normed.scales_N1, normed.out_ND, inputs, helds,
                                    gates, freshes, states, out});
        return residualSum(x_BTD, productOf(out, output, {}));
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const variable_list kept = context->get_saved_variables();
        const at::Tensor above = asRows(gradients.front().contiguous());
        const at::Tensor byStates = at::mm(above, kept[4]);
        const at::Tensor byOutput = byWeightOf(above, kept[12]);
        const at::Tensor byInputs = at::empty_like(kept[7]);
        const auto [byState, byStateBias] = through(kept, byStates, byInputs);
        const at::Tensor byNormed = at::mm(byInputs, kept[2]);
        const at::Tensor byInput = byWeightOf(byInputs, kept[6]);
        const at::Tensor byInputBias = byBiasOf(byInputs);
        const NormGradient by = rmsNormGradient(asRows(kept[0]), kept[1], kept[5], above, byNormed);
        return {by.byX_ND.view(kept[0].sizes()),
                by.byWeight_D,
                byInput,
                byInputBias,
                byState,
                byStateBias,
                byOutput,
                at::Tensor()};
    }

private:
    static GateRows unitOf(const at::Tensor& inputs, const at::Tensor& held, std::int64_t position,
                           std::int64_t positions)
    {
        const std::int64_t width = held.size(1) / 3;
        return {.rows = held.size(0),
                .width = width,
                .input = inputs.const_data_ptr<float>() + position * 3 * width,
                .inputStride = positions * 3 * width,
                .held = held.const_data_ptr<float>()};
    }

    /// From the last position to the first; fills byInputs and returns what that says of the state's weight and bias.
    static std::pair<at::Tensor, at::Tensor> through(const variable_list& kept, const at::Tensor& byStates,
                                                     const at::Tensor& byInputs)
    {
        const std::int64_t batch = kept[0].size(0);
        const std::int64_t positions = kept[0].size(1);
        const std::int64_t width = kept[0].size(2);
        const auto options = byStates.options();
        const at::Tensor later = at::empty({batch, width}, options);
        const at::Tensor byUpdate = at::empty({batch, width}, options);
        const at::Tensor byFresh = at::empty({batch, width}, options);
        at::Tensor bySum = at::empty({batch, width}, options);
        at::Tensor byProduct = at::empty({batch, width}, options);
        const at::Tensor byHeld = at::empty({batch, 3 * width}, options);
        at::Tensor byState;
        at::Tensor byStateBias;
        for (std::int64_t t = positions - 1; t >= 0; --t) {
            const at::Tensor before = matrixAt(kept[11], t, batch, width);
            const at::Tensor held = matrixAt(kept[8], t, batch, 3 * width);
            const float* gate = matrixAt(kept[9], t, batch, 2 * width).const_data_ptr<float>();
            const at::Tensor fresh = matrixAt(kept[10], t, batch, width);
            const GateRows unit = unitOf(kept[7], held, t, positions);
            stateParts(unit,
                       {.above = byStates.const_data_ptr<float>() + t * width,
                        .aboveStride = positions * width,
                        .later = later.data_ptr<float>(),
                        .byProduct = byProduct.const_data_ptr<float>(),
                        .last = t == positions - 1},
                       gate, fresh.const_data_ptr<float>(), before.const_data_ptr<float>(), byUpdate.data_ptr<float>(),
                       byFresh.data_ptr<float>());
            at::tanh_backward_out(bySum, byFresh, fresh);
            gateParts(unit, gate, byUpdate.const_data_ptr<float>(), bySum.const_data_ptr<float>(),
                      byInputs.data_ptr<float>() + t * 3 * width, byHeld.data_ptr<float>());
            if (t > 0) at::mm_out(byProduct, byHeld, kept[3]);
            const at::Tensor stepState = byWeightOf(byHeld, before);
            const at::Tensor stepBias = byBiasOf(byHeld);
            if (byState.defined()) {
                byState.add_(stepState);
                byStateBias.add_(stepBias);
            } else {
                byState = stepState;
                byStateBias = stepBias;
            }
        }
        return {byState, byStateBias};
    }
};

} // namespace

at::Tensor recurrentBranch(const at::Tensor& x_BTD, const Norm& norm, const Projection& input, const Projection& state,
                           const Projection& output)
{
    return Recurrence::apply(x_BTD, norm.weight, input.weight(), input.bias(), state.weight(), state.bias(),
                             output.weight(), norm.epsilon);
}

} // namespace gradus::models
