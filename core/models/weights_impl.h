// SPDX-License-Identifier: GPL-3.0-or-later
// Between named tensors and bytes: drawing fresh weights, copying them out of a file, handing them to the writer.
#pragma once

#include "models/decoder_impl.h"
#include "models/safetensors.h"

#include <span>

namespace gradus::models {

/// Fills the tensor in place with normal numbers of that deviation from the stream (seed, "init/" + name).
void fillNormal(const NamedTensor& parameter, std::uint64_t seed, double deviation);

/// Copies each named tensor out of the files, widening F16 and BF16. Bad input if one is missing, lies in two files or
/// has another shape; tensors of the files that nobody named are left alone. Nothing is written unless all fit.
Result<void> loadWeights(std::span<const SafetensorsFile> files, const std::vector<NamedTensor>& into);
Result<void> loadWeights(const SafetensorsFile& file, const std::vector<NamedTensor>& into);

/// Borrowed bytes of contiguous F32, F16 or BF16 tensors for writeSafetensors.
std::vector<TensorBytes> borrowBytes(const std::vector<NamedTensor>& tensors);

/// The shape as one line of JSON for the metadata of our own files, and back. Bad input names the key.
std::string shapeToJson(const ModelShape& shape);
Result<ModelShape> shapeFromJson(const std::string& json);

/// The same tensors where they lie on the CPU in one piece, copies there of the others: what borrowBytes may be given.
std::vector<NamedTensor> onHost(std::vector<NamedTensor> tensors);

} // namespace gradus::models
