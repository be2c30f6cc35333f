// SPDX-License-Identifier: GPL-3.0-or-later
// The tokenizer beside a model's weights, held against the model: a token without an embedding must not reach it.
#pragma once

#include "text/tokenizer.h"

namespace gradus::text {

/// vocabularySize: tokens that the model has embeddings for. Bad input as Tokenizer::open, and a tokenizer of more.
Result<Tokenizer> modelTokenizer(const std::filesystem::path& folder, int vocabularySize);

} // namespace gradus::text
