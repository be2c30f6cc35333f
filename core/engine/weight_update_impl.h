// SPDX-License-Identifier: GPL-3.0-or-later
// One optimiser step out of several passes: gradients are summed, shortened and applied to the weights that count.
#pragma once

#include "engine/adamw_impl.h"
#include "models/decoder_impl.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::engine {

/// Leaves that record gradients while it lives. Of bfloat16 leaves a float master is kept and tuned; the leaf is its
/// rounded image, so that updates smaller than a rounding step add up. One thread at a time.
class WeightUpdate final
{
public:
    WeightUpdate() = default;
    ~WeightUpdate();
    WeightUpdate(const WeightUpdate&) = delete;
    WeightUpdate& operator=(const WeightUpdate&) = delete;

    void add(const std::string& name, const std::vector<at::Tensor>& leaves, double rateScale, double weightDecay);

    /// After a backward pass: what the leaves gathered joins the masters' gradients. last: no further pass belongs to
    /// this step, so a GPU's kernel may take a lone pass's gradient from the leaf as it is.
    void gather(bool last);
    /// Norm of the step's gradient over everything.
    double norm() const;
    /// One AdamW step with the gradient times `factor`; it is dropped then.
    void apply(double rate, double factor);

    std::int64_t steps() const { return m_optimizer.steps(); }
    /// Weights that count and their moments, under names that stay the same from run to run; no copies.
    std::vector<models::NamedTensor> state() const;
    /// Weights that count alone.
    std::vector<models::NamedTensor> weights() const;
    /// After the tensors of state() were filled.
    void restored(std::int64_t steps);
    /// After the tensors of weights() were filled: leaves follow their masters.
    void spread();

private:
    struct Pair
    {
        std::string name;
        at::Tensor leaf;
        at::Tensor master; ///< the leaf itself when that is float
    };
    std::vector<Pair> m_pairs;
    AdamW m_optimizer;
};

} // namespace gradus::engine
