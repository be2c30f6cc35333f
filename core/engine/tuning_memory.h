// SPDX-License-Identifier: GPL-3.0-or-later
// What tuning needs in memory, by counting: said before it begins, and in the sentence where it did not fit.
#pragma once

#include "engine/folder_tuning.h"
#include "models/model_shape.h"

#include <cstdint>
#include <string>

namespace gradus::engine {

/// Bytes, of the device's own memory. What a program needs beside its model is no part of it.
struct TuningMemory
{
    double weights = 0;     ///< as a pass reads them
    double update = 0;      ///< gradients, AdamW's two moments, and masters of what is narrower
    double activations = 0; ///< what a step's backward pass needs of its forward pass
    double shared = 0;      ///< of both: on a GPU gradients take the room that activations give back

    double sum() const { return weights + update + activations - shared; }
};

/// Floats that a layer keeps for its backward pass, a token: the residual stream twice, two norms, query, result of
/// attention and its projection, keys and values, and three of the feed-forward's width.
double keptByLayer(const models::ModelShape& shape);

/// Of the tuning of a folder. longest: tokens of the longest text. An adapter that is gone on from counts as none.
TuningMemory memoryOf(const FolderTuning& job, const models::ModelShape& shape, std::int64_t longest);
/// The same of passes of so many tokens, padding counted.
TuningMemory memoryOfPasses(const FolderTuning& job, const models::ModelShape& shape, double tokens);

/// "about 2.40 GiB (weights, gradients and moments 2.00, activations of one pass 0.40)".
std::string memoryText(const TuningMemory& memory);
/// Bytes that the device of that name has ("cuda:1"); 0 of the CPU and of a GPU whose driver does not answer.
double memoryOfDevice(const std::string& name);
/// What would take less: "use a smaller --batch or --max-tokens, …".
std::string lessMemoryText(const FolderTuning& job);

} // namespace gradus::engine
