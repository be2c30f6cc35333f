// SPDX-License-Identifier: GPL-3.0-or-later
// A backup put in the place of a store.
#pragma once

#include "base/result.h"

#include <filesystem>

namespace gradus::store {

/// Copies the backup, brings the copy to this program's format, checks it and only then puts it where the store is.
/// What was there, damaged or not, is kept beside it; the answer names it, and is empty where there was no store. A
/// backup that is no store, of a newer format or damaged is bad input; refused while a run of the store is being worked
/// on or another program holds it. On any error the store is as it was. Blocks.
Result<std::filesystem::path> restoreStore(const std::filesystem::path& store, const std::filesystem::path& backup);

} // namespace gradus::store
