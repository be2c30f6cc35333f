// SPDX-License-Identifier: GPL-3.0-or-later
// Whole-file reads with a size bound, and writes that are either complete or absent.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

/// Reads a text file of at most maxBytes. Bad input if it is missing, unreadable, a folder, or larger.
Result<std::string> readFile(const std::filesystem::path& path, std::size_t maxBytes = std::size_t{1} << 30);

/// The last lines of a text file that are not blank at its end, oldest first: at most `lines` of them, from at most the
/// last maxBytes. None when it cannot be read.
std::vector<std::string> lastLines(const std::filesystem::path& path, std::size_t lines,
                                   std::size_t maxBytes = std::size_t{64} << 10);

/// Writes to a temporary file beside path, fsyncs it, renames it over path and fsyncs the folder. On failure path is as
/// it was and no temporary file is left. The message says whether the disk is full or the folder is read-only.
Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view bytes);

/// Creates a folder and its parents; the error names the folder and the cause.
Result<void> makeFolder(const std::filesystem::path& path);

/// "No space is left on the device", ... for an errno value, with the cure.
std::string causeOf(int errorNumber);

} // namespace gradus
