// SPDX-License-Identifier: GPL-3.0-or-later
// Picks the pyramid level for a drawing and joins its buckets to the number asked for.
#pragma once

#include "base/result.h"
#include "store/pyramid.h"

#include <cstdint>
#include <vector>

namespace gradus::store {

class Database;

/// At most maxBuckets (>= 1) buckets over the range: points themselves when they are few enough, else buckets of the
/// finest level that is cheap to read, joined by aligned step groups, so that panning does not make a curve flicker.
Result<std::vector<Bucket>> chooseBuckets(Database& database, std::int64_t seriesId, StepRange range, int maxBuckets);

} // namespace gradus::store
