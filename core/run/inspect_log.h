// SPDX-License-Identifier: GPL-3.0-or-later
// A run's episodes as a log that Inspect opens, and such a log as a run.
#pragma once

#include "base/result.h"
#include "run/keep_episodes.h"
#include "store/store_reader.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace gradus::run {

/// Bytes of an .eval archive. Bad input where the run has no episodes.
Result<std::string> exportInspect(const store::StoreReader& reader, std::int64_t runId);

struct Imported
{
    KeptRun run;
    std::size_t episodes = 0;
    std::string task;  ///< untrusted
    std::string model; ///< untrusted
};

/// A finished run named after the log's task and model, with an event `inspect.import` that says where it came from.
/// Everything is read and checked before the store is touched.
Result<Imported> importInspect(const std::filesystem::path& file, const std::filesystem::path& store);

} // namespace gradus::run
