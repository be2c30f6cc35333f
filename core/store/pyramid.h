// SPDX-License-Identifier: GPL-3.0-or-later
// The min/max/last/count pyramid over the points of a series: derived, and always rebuildable from them.
#pragma once

#include "base/result.h"
#include "store/records.h"

#include <cstdint>
#include <optional>
#include <span>

namespace gradus::store {

class Database;

/// Steps of a bucket's level: bucket b of level l covers [b * 8^l, (b + 1) * 8^l). Level 0 is the points themselves.
inline constexpr int kPyramidShift = 3;
/// Highest level; 8^20 steps are more than a run has.
inline constexpr int kPyramidLevels = 20;

struct StepRange
{
    std::int64_t first = 0;
    std::int64_t last = 0;
};

/// Adds `more`, whose steps all follow `sum`'s; NaN never becomes a minimum or maximum.
void mergeBucket(Bucket& sum, const Bucket& more);
Bucket bucketOf(const PointRow& point);

/// First and last step stored for a series; nothing without points.
Result<std::optional<StepRange>> stepRange(Database& database, std::int64_t seriesId);

/// Brings every level up to date after `written` (strictly increasing steps, new or replaced) were stored. `before` is
/// the series' range before that. Call inside the transaction that wrote the points.
Result<void> updatePyramid(Database& database, std::int64_t seriesId, std::span<const PointRow> written,
                           std::optional<StepRange> before);

/// Drops and rebuilds the pyramid of every series. Call inside a write transaction.
Result<void> rebuildPyramid(Database& database);
/// The same for one series.
Result<void> rebuildPyramid(Database& database, std::int64_t seriesId);

} // namespace gradus::store
