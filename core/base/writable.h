// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a file can be written, asked before the work whose result it is to hold.
#pragma once

#include "base/result.h"

#include <filesystem>

namespace gradus {

/// Bad input with the file, the cause and the cure where writeFileAtomically would fail now. Writes nothing.
Result<void> checkWritable(const std::filesystem::path& path);

} // namespace gradus
