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

/// The tuning loop on a model's parts; may throw what libtorch throws.
Result<void> runTuning(const models::Decoder& decoder, const TaskHead& head, const LabelledItems& items,
                       const TuningOptions& options, const StopFlag& stop,
                       const std::function<void(const StepReport&)>& onStep);

} // namespace gradus::engine
