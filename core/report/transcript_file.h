// SPDX-License-Identifier: GPL-3.0-or-later
// One episode as a file: a page that shows what was said as plain text, or JSON.
#pragma once

#include "base/result.h"
#include "store/store_reader.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gradus::report {

/// html or json by the file's ending; written whole or not at all. The page holds no script, no address and no picture:
/// what a model wrote is escaped, and characters that hide or steer are named. Messages are read in pages, so that a
/// million of them cost their own size. tellsVerdict: else no judge is told (blind judging). Bad input: another ending,
/// no such episode, a folder that is not there. Blocks.
Result<void> writeTranscript(const store::StoreReader& reader, std::int64_t episodeId,
                             const std::filesystem::path& file, bool tellsVerdict = true);

/// An episode as a JSON object, as `gradus transcript --json` prints it: bytes that are no UTF-8 are marked, a
/// monitor's note is JSON where it is. others: what judges beside the run's own say.
std::string episodeJson(const events::EpisodeRecord& episode, const std::vector<store::VerdictRow>& others);

/// The verdicts of other judges than the run's own.
Result<std::vector<store::VerdictRow>> otherVerdicts(const store::StoreReader& reader, std::int64_t episodeId,
                                                     const std::string& ownJudge);

} // namespace gradus::report
