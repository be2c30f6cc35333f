// SPDX-License-Identifier: GPL-3.0-or-later
// Reading series: points, the pyramid over them, and how a double is kept.
#pragma once

#include "base/result.h"
#include "store/pyramid.h"
#include "store/records.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace gradus::store {

class Database;

/// How a double is kept although SQLite has neither NaN nor a negative zero.
enum class ValueKind
{
    Finite = 0,
    NaN = 1,
    PlusInfinity = 2,
    MinusInfinity = 3,
    NegativeZero = 4,
};
ValueKind kindOf(double value);
double valueOf(std::int64_t kind, double stored);

inline constexpr StepRange kAllSteps{std::numeric_limits<std::int64_t>::min(),
                                     std::numeric_limits<std::int64_t>::max()};

/// Nothing where the run has no series of that name.
Result<std::optional<std::int64_t>> findSeries(Database& database, std::int64_t runId, const std::string& name);
/// All points of the run's series of that name; none where there is no such series.
Result<std::vector<PointRow>> readSeries(Database& database, std::int64_t runId, const std::string& name);
/// Points with range.first <= step <= range.last, increasing; at most limit (negative: all).
Result<std::vector<PointRow>> readPoints(Database& database, std::int64_t seriesId, StepRange range,
                                         std::int64_t limit = -1);
/// Buckets of a pyramid level whose numbers are in the range, increasing; at most limit (negative: all).
Result<std::vector<Bucket>> readBuckets(Database& database, std::int64_t seriesId, int level, StepRange numbers,
                                        std::int64_t limit = -1);

} // namespace gradus::store
