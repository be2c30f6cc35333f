// SPDX-License-Identifier: GPL-3.0-or-later
// What is tuned and how a step changes it, and the speed at which steps go by.
#pragma once

#include "engine/adamw_impl.h"
#include "engine/batches.h"
#include "engine/task_head_impl.h"
#include "engine/tuning.h"
#include "models/decoder_impl.h"

#include <deque>
#include <string>

namespace gradus::engine {

struct Step
{
    double rate = 0;
    double clip = 0;  ///< a longer gradient is shortened to this norm; 0: never
    std::string kept = {}; ///< what a training that ends here leaves behind, as in "no checkpoint had been written yet"
};

/// Gradients of the loss, then one update. Returns the loss. Where the loss or the gradient is not a number nothing is
/// updated, and the error says which, at what step, and what is kept.
Result<double> optimise(const at::Tensor& loss, AdamW& optimizer, const Step& step);

/// Lets a model's parts record gradients while it lives, with an optimiser over what the options tune.
class Trainable final
{
public:
    Trainable(models::Decoder decoder, const TaskHead& head, const TuningOptions& options);
    ~Trainable();
    Trainable(const Trainable&) = delete;
    Trainable& operator=(const Trainable&) = delete;
    AdamW& optimizer() { return m_optimizer; }
    const AdamW& optimizer() const { return m_optimizer; }

private:
    models::Decoder m_decoder; ///< shares its weights with the model
    const TaskHead& m_head;
    AdamW m_optimizer;
};

at::Tensor indexTensor(const Batch& batch);

/// Real tokens a second over the last few steps.
class Throughput final
{
public:
    Throughput();
    double add(std::int64_t tokens); ///< after a step; returns the current speed

private:
    struct Mark
    {
        double seconds;
        std::int64_t tokens;
    };
    std::deque<Mark> m_marks;
};

} // namespace gradus::engine
