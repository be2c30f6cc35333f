// SPDX-License-Identifier: GPL-3.0-or-later
// What a run needs beside the program and its task, by counting: weights, what an update keeps, and one step's pass.
#pragma once

#include "run/workbench.h"
#include "spec/experiment.h"

namespace gradus::run {

/// Bytes, of the generation that needs most.
struct RunMemory
{
    double weights = 0;     ///< of the rung that is tuned, and once more while it is loaded or judged against its base
    double supervisors = 0; ///< weights of its predecessor and of sources with a model of their own
    double update = 0;      ///< gradient and AdamW's two moments of what is tuned: all weights, adapters or a head
    double activations = 0; ///< what a step's backward pass needs of its forward pass, in fp32

    double sum() const { return weights + supervisors + update + activations; }
};

/// Reads some of the task's items for their lengths. Of a body that is not tuned only a forward pass counts.
RunMemory memoryOf(const spec::Experiment& experiment, const Workbench::Place& place);

} // namespace gradus::run
