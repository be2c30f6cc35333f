// SPDX-License-Identifier: GPL-3.0-or-later
// Which modules of a model the target_modules of a LoRA adapter name.
#pragma once

#include "models/decoder_impl.h"

#include <string>
#include <string_view>
#include <vector>

namespace gradus::models {

/// As PEFT reads a list of target_modules: the module's whole name, or the end of it behind a point.
bool isTarget(std::string_view module, const std::vector<std::string>& targets);

/// Full names of the modules that an adapter may reach ("model.layers.0.self_attn.q_proj"): the layers' matrices.
std::vector<std::string> modulesOf(const Decoder& decoder);
/// Those of them that targets name.
std::vector<std::string> modulesAt(const Decoder& decoder, const std::vector<std::string>& targets);

/// What an adapter reaches where nobody says: the attention's projections, or what stands in their place.
std::vector<std::string> usualTargets(const ModelShape& shape);

} // namespace gradus::models
