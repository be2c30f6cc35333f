// SPDX-License-Identifier: GPL-3.0-or-later
// How fast long transcripts are kept, opened and searched: behind `gradus bench transcripts`.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>

namespace gradus::store {

struct TranscriptBench
{
    std::int64_t messages = 0;
    double megabytes = 0;          ///< of text
    double writeSeconds = 0;       ///< the whole episode in one transaction, index of words included
    double bareWriteSeconds = 0;   ///< the same text into a store without the index
    double storeMegabytes = 0;     ///< with the index
    double bareMegabytes = 0;      ///< without
    double openMilliseconds = 0;   ///< a reader, the episode with its first 2,000 messages, and its verdicts; cold
    double pageMilliseconds = 0;   ///< 500 messages near the end
    double rareMilliseconds = 0;   ///< hits of a word in one message of 10,000
    double commonMilliseconds = 0; ///< hits of a word in every tenth message
    double phraseMilliseconds = 0; ///< hits of two words in a row of which the last goes on
    double placesMilliseconds = 0; ///< in which messages the rare word stands
    double scanMilliseconds = 0;   ///< hits of a text without a word, which reads every message
    std::int64_t rareHits = 0;
};

/// Writes an episode of that many messages of about 100 bytes into new stores in folder, which must exist; they stay.
Result<TranscriptBench> benchTranscripts(const std::filesystem::path& folder, std::int64_t messages);

} // namespace gradus::store
