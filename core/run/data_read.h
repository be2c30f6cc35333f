// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a task, named by their bytes.
#pragma once

#include "base/result.h"
#include "data/read_files.h"
#include "events/data_event.h"

#include <map>
#include <string>
#include <vector>

namespace gradus::run {

/// What the history of a run tells of these files. Reads each once; hashes keeps what was read, by path, for those that
/// are asked of again. Bad input: a file that is gone.
Result<std::vector<events::DataFile>> dataRead(const std::vector<data::ReadFile>& files,
                                               std::map<std::string, std::string>& hashes);

} // namespace gradus::run
