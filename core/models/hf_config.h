// SPDX-License-Identifier: GPL-3.0-or-later
// config.json of a Hugging Face model folder <-> the shape of our decoder. What we cannot build is refused by name.
#pragma once

#include "base/result.h"
#include "models/model_shape.h"

#include <string>

namespace gradus::models {

/// model_type qwen2, qwen3, llama, mistral, gemma3_text or gpt_neox, or the house's own gradus_recurrent and
/// gradus_convolutional (which no other program opens). file is for messages. Bad input: malformed JSON, a missing or
/// unusable key, another model_type, and features that would change the numbers and that we do not have (quantised
/// weights, other activations, caps on logits, attention to later tokens, images, yarn and other rotary scalings,
/// biases in the feed-forward of a Llama).
Result<ModelShape> shapeFromConfig(const std::string& json, const std::string& file);

/// A config.json that transformers opens, for a shape that came from nowhere else.
std::string configOf(const ModelShape& shape);

} // namespace gradus::models
