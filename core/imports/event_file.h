// SPDX-License-Identifier: GPL-3.0-or-later
// TensorBoard's event files: checked records, each a message, of which the scalars are taken.
#pragma once

#include "base/result.h"
#include "imports/foreign_run.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gradus::imports {

/// Scalars of one or several event files of a run.
struct EventScalars
{
    std::vector<ForeignSeries> series;
    std::int64_t others = 0; ///< values that are no scalars: images, histograms, texts
    double firstWall = 0;
    double lastWall = 0;
    bool cut = false; ///< a file ended in the middle of a record
};

/// CRC-32C (Castagnoli) as a record stores it, rotated and offset so that the sum of a sum is not itself.
std::uint32_t maskedCrc(std::string_view bytes);

/// Adds the scalars of one file's bytes. Bad input, with the record's number and byte: a wrong checksum, a record that
/// goes beyond the end (but see ReadOptions::cutOff), a malformed message. file is only used in messages.
Result<void> addEvents(EventScalars& scalars, std::string_view bytes, const std::string& file,
                       const ReadOptions& options);

} // namespace gradus::imports
