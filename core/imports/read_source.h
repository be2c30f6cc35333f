// SPDX-License-Identifier: GPL-3.0-or-later
// Reads what another experiment tracker wrote, whichever it is. Every file is hostile until it is read.
#pragma once

#include "base/result.h"
#include "imports/foreign_run.h"

#include <filesystem>
#include <string>

namespace gradus::imports {

/// Finds out what path is and reads it whole: an event file of TensorBoard or a folder of them, a W&B export (CSV), a
/// folder or database of MLflow, a database of trackio. Bad input: a file of another kind (says what was tried), one
/// that is damaged or cut off. Blocks; any thread.
Result<ForeignSource> readSource(const std::filesystem::path& path, const ReadOptions& options = {});

// The readers behind it, one a format.
Result<ForeignSource> readTensorBoard(const std::filesystem::path& path, const ReadOptions& options);
Result<ForeignSource> readWandbCsv(const std::filesystem::path& path);
Result<ForeignSource> readMlflowFolder(const std::filesystem::path& path);
/// Of MLflow or trackio, as its tables say.
Result<ForeignSource> readTrackerDatabase(const std::filesystem::path& path);

} // namespace gradus::imports
