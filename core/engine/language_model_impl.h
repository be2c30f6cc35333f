// SPDX-License-Identifier: GPL-3.0-or-later
// What a LanguageModel holds; shared by its construction and generation.
#pragma once

#include "engine/language_model.h"
#include "models/decoder_impl.h"

#include <span>

namespace gradus::engine {

struct LanguageModel::Impl
{
    models::Decoder decoder;
    std::string config; ///< config.json as it stood; empty for random weights
    std::vector<std::int32_t> endIds;

    /// A folder's matrices may be kept narrower than single precision while they are only read.
    void widen() { decoder.convert(decoder.device(), at::kFloat); }
};

/// Continues these prompts side by side; indices name them in the options' callback and in the random streams. May
/// throw what libtorch throws.
Result<void> continuePrompts(const models::Decoder& decoder, const std::vector<Tokens>& prompts,
                             std::span<const std::int64_t> indices, const GenerationOptions& options,
                             const StopFlag& stop, std::vector<Continuation>& out);

} // namespace gradus::engine
