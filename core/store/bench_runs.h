// SPDX-License-Identifier: GPL-3.0-or-later
// A store of very many finished runs, for benches that must not depend on what somebody happens to have.
#pragma once

#include "base/result.h"

#include <filesystem>

namespace gradus::store {

/// Writes a new store at path, which must not exist: experiments of ten conditions and five seeds each, every seventh
/// run failed, all others finished with the utilities of four generations; some have tags and notes. Takes seconds.
Result<void> writeManyRuns(const std::filesystem::path& path, int runs);

} // namespace gradus::store
