// SPDX-License-Identifier: GPL-3.0-or-later
// One maker a file: runs of one process that need the same body wait for the one that makes it.
#pragma once

#include <filesystem>
#include <mutex>

namespace gradus::pipeline {

/// Serialises the threads of this process that need the same file. Other processes write the same bytes atomically.
std::mutex& fileMutex(const std::filesystem::path& path);

} // namespace gradus::pipeline
