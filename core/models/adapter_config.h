// SPDX-License-Identifier: GPL-3.0-or-later
// adapter_config.json of a LoRA adapter, as PEFT keeps it. No tensor crosses this header.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::models {

/// How a LoRA adapter is attached. Targets are modules' names or their ends, as in PEFT ("self_attn.q_proj").
struct AdapterOptions
{
    int rank = 8;
    double alpha = 16; ///< the update is scaled by alpha / rank
    std::vector<std::string> targets = {"q_proj", "k_proj", "v_proj", "o_proj"};
    std::uint64_t seed = 1; ///< of a fresh one; no file keeps it

    bool operator==(const AdapterOptions&) const = default;
};

/// Reads the text; file names it in errors. Of modules by pattern no targets are returned (attachAdapter finds them).
/// Bad input: no JSON object, no LoRA, ranks and alphas out of range, and what would change the numbers and we do not
/// have: DoRA, rank-stabilised scaling, biases, ranks of their own for some modules, a beginning that took its share out
/// of the model's weights (PiSSA and its kind), and every setting that we do not know, unless it is off.
Result<AdapterOptions> adapterFromConfig(const std::string& json, const std::string& file);

/// What PEFT opens and adapterFromConfig reads back. taskType: "CAUSAL_LM" or "SEQ_CLS"; hasHead: the file of weights
/// holds a head `score` beside the adapter. baseModel's bytes that are no UTF-8 are replaced.
std::string adapterConfigOf(const AdapterOptions& options, const std::string& baseModel, const std::string& taskType,
                            bool hasHead);

} // namespace gradus::models
