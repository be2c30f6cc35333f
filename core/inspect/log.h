// SPDX-License-Identifier: GPL-3.0-or-later
// Logs of Inspect (.eval, format version 2) as episodes, both ways. Reads what anybody sends; writes what Inspect
// opens.
#pragma once

#include "base/result.h"
#include "events/events.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace gradus::inspect {

/// Who judged an episode that no one did: every verdict has a judge.
inline constexpr const char* nobody = "nobody";

struct Log
{
    std::string id;   ///< of the run
    std::string task; ///< "gradus/risk_discovery"
    std::string model;
    std::string status = "success"; ///< "started" | "success" | "cancelled" | "error"
    double createdAt = 0;           ///< seconds since 1970
    double endedAt = 0;
    std::string specToml; ///< the experiment, as metadata; empty if unknown
    std::vector<events::EpisodeRecord> episodes;
};

/// The bytes of an archive. The same log gives the same bytes. Bytes that are no UTF-8 stand as replacement characters
/// in the text and as base64 in the message's metadata.
Result<std::string> evalBytes(const Log& log);

struct ReadBounds
{
    std::size_t samples = 20'000;
    std::size_t bytes = std::size_t{1} << 30; ///< of messages, over all samples
};

/// Bad input, with one sentence: whatever is wrong with the archive, its JSON, or its version. All of the log or an
/// error; what one sample does not have is empty.
Result<Log> readEval(const std::filesystem::path& file, const ReadBounds& bounds = {});

} // namespace gradus::inspect
