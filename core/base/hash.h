// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 of bytes and files, as lower-case hex: what names runs, data sets and checkpoints.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <span>
#include <cstdint>
#include <string>
#include <string_view>

namespace gradus {

std::string sha256(std::string_view bytes);
/// Streams the file; the error names it.
Result<std::string> sha256OfFile(const std::filesystem::path& path);
/// Short unsigned hash for deterministic splits: a row's side never depends on its neighbours.
std::uint64_t splitHash(std::string_view text, std::uint64_t seed);

} // namespace gradus
