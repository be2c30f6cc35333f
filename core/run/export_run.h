// SPDX-License-Identifier: GPL-3.0-or-later
// A run's points as CSV or JSON: every stored point, values that read back to the same bits.
#pragma once

#include "base/result.h"
#include "store/store_reader.h"

#include <filesystem>
#include <string>

namespace gradus::run {

/// format: "csv" (run,series,step,wall,value) or "json" (run, spec, generations, events, series).
Result<std::string> exportRun(const store::StoreReader& reader, std::int64_t runId, const std::string& format);
/// Atomic write of an export.
Result<void> writeExport(const std::filesystem::path& path, const std::string& text);

} // namespace gradus::run
