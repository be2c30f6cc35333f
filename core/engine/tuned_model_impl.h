// SPDX-License-Identifier: GPL-3.0-or-later
// What a TunedModel holds; shared by its construction, its prediction and the tuning loop.
#pragma once

#include "engine/task_head_impl.h"
#include "engine/tuning.h"
#include "models/decoder_impl.h"

namespace gradus::engine {

struct TunedModel::Impl
{
    models::Decoder decoder;
    TaskHead head;
    models::AdapterOptions adapter = {}; ///< of the decoder, while it has one
    std::string folder = {};             ///< the body came from; empty for bodies of ours
};

/// The read-outs of all items by a body that stays as it is: [N, S, D]; undefined when they would not fit in memory.
at::Tensor frozenFeatures(const models::Decoder& decoder, const TaskHead& head,
                          const std::vector<std::vector<Tokens>>& items);

/// The tuning loop on a model's parts; may throw what libtorch throws. frozen: frozenFeatures of these items where they
/// are known and the body is frozen.
Result<void> runTuning(const models::Decoder& decoder, const TaskHead& head, const LabelledItems& items,
                       const TuningOptions& options, const StopFlag& stop,
                       const std::function<void(const StepReport&)>& onStep, const at::Tensor& frozen = {});

} // namespace gradus::engine
