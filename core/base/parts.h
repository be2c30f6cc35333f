// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes that lie in several places, written and hashed as if they stood in a row: a model's weights need no second copy
// to be saved.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

using Parts = std::vector<std::string_view>;

/// As writeFileAtomically of files.h.
Result<void> writePartsAtomically(const std::filesystem::path& path, const Parts& parts);
/// As sha256 of hash.h.
std::string sha256OfParts(const Parts& parts);

} // namespace gradus
