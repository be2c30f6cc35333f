// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a run store, to read it or to write it, with every check that keeps other files and damaged stores out.
#pragma once

#include "base/result.h"
#include "store/database.h"

#include <cstdint>
#include <filesystem>

namespace gradus::store {

/// Bad input when there is no store, or it is not one, damaged, older or newer. Works on read-only media, and
/// where the disk is full. There the file is taken as it is: who keeps such a reader opens anew once a WAL grows.
Result<Database> openForReading(const std::filesystem::path& path);

/// Creates or migrates the store as needed. Bad input when it is read-only, on a network file system, not a store, or
/// newer. Points that a killed process had said and not committed are committed now.
Result<Database> openForWriting(const std::filesystem::path& path);

/// Bytes of the database and its WAL.
std::int64_t storeBytes(const std::filesystem::path& path);

} // namespace gradus::store
