// SPDX-License-Identifier: GPL-3.0-or-later
// How a run's history tells which files its task was made of, and what of them was left out.
#pragma once

#include "events/events.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::events {

/// Once a run, before its first step, where its task reads files; again only where a file was another one when the run
/// was taken up again. details: {"files": [{"role", "file", "sha256", "rows", "used", "left_out": [{"count", "what",
/// "because"}], "cut_share"}]}. Runs of earlier versions, and those on built-in worlds, have none.
inline constexpr const char* kDataReadEvent = "data.read";

struct LeftOutData
{
    std::int64_t count = 0;
    std::string what;    ///< "row", "answer"
    std::string because; ///< "their two answers are equal"

    friend bool operator==(const LeftOutData&, const LeftOutData&) = default;
};

struct DataFile
{
    std::string role;   ///< the experiment's key that names it: "task.test_data"
    std::string file;   ///< name without its folders
    std::string sha256; ///< of its bytes
    std::int64_t rows = 0;
    std::int64_t used = 0; ///< items that were made of them
    std::vector<LeftOutData> leftOut = {};
    std::optional<double> cutShare = {}; ///< of the texts that lost their beginning to task.max_tokens; none: unknown

    friend bool operator==(const DataFile&, const DataFile&) = default;
};

RunEvent dataReadEvent(const std::vector<DataFile>& files);
/// Empty where the details are of no such event. They are read as hostile JSON.
std::vector<DataFile> dataFilesOf(const std::string& detailsJson);

} // namespace gradus::events
