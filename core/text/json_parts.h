// SPDX-License-Identifier: GPL-3.0-or-later
// Reading the parts of a tokenizer.json, each with a sentence when it is not what we can use.
#pragma once

#include "base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>

namespace gradus::text {

inline constexpr int kDeepest = 4; ///< sequences inside sequences

/// The part's "type", or "nothing" where it has none; cut to what a message can hold.
std::string typeOf(const nlohmann::json& part);
/// The list under key, or an empty one.
const nlohmann::json& partsOf(const nlohmann::json& part, const char* key);
Result<std::string> textOf(const nlohmann::json& part, const char* key, const std::string& file);
bool truthOf(const nlohmann::json& part, const char* key, bool otherwise);
/// "pattern": {"String": TEXT}, not empty; a regular expression is refused.
Result<std::string> literalPattern(const nlohmann::json& part, const std::string& file);
/// Replacements one after the other multiply: a file of a few lines must not make gigabytes of a text. growth: how many
/// times longer a text may have become; refused beyond kMostGrowth.
Result<void> boundGrowth(std::size_t& growth, std::size_t from, std::size_t to, const std::string& file);
inline constexpr std::size_t kMostGrowth = 256;
inline constexpr std::size_t kLongestMark = 64; ///< bytes of what stands for a space, or before a text
/// "FILE: the normaliser "Lowercase" is not supported; ..."
Error unsupported(const std::string& file, const std::string& what, const std::string& type);

} // namespace gradus::text
