// SPDX-License-Identifier: GPL-3.0-or-later
// How the bodies of a built-in world come to be: one recipe for shipped files, for files made at first use and for the
// command that makes them again.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "data/worlds.h"
#include "engine/tuning.h"
#include "models/model_shape.h"

#include <filesystem>
#include <functional>
#include <string>

namespace gradus::pipeline {

/// Pretrains a fresh body on the world's running states and writes it in half precision. Bit-equal for one libtorch,
/// processor type and number of threads (shipped files: one). Returns the file's SHA-256.
Result<std::string> pretrainBuiltinBody(const data::World& world, const models::ModelShape& shape,
                                        const std::filesystem::path& safetensors, const StopFlag& stop,
                                        const std::function<void(const engine::StepReport&)>& onStep);

/// Names what pretrainBuiltinBody would write, by all it depends on but the machine: 16 hexadecimal digits.
std::string builtinBodyName(const data::World& world, const models::ModelShape& shape);

} // namespace gradus::pipeline
