// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/bucket_choice.h"

#include "store/database.h"
#include "store/series_rows.h"

#include <algorithm>

namespace gradus::store {

namespace {

/// A level's buckets are read up to this many times the number asked for; the next level has an eighth of them.
constexpr std::int64_t kReadFactor = 8;

/// Joins buckets whose steps share all but the lowest `shift` bits.
std::vector<Bucket> joined(const std::vector<Bucket>& buckets, int shift)
{
    std::vector<Bucket> groups;
    for (const Bucket& bucket : buckets) {
        const bool same = !groups.empty() && (groups.back().firstStep >> shift) == (bucket.firstStep >> shift);
        if (!same) groups.emplace_back();
        mergeBucket(groups.back(), bucket);
    }
    return groups;
}

std::vector<Bucket> joinedTo(std::vector<Bucket> buckets, int level, std::size_t maxBuckets)
{
    for (int shift = kPyramidShift * level + 1; buckets.size() > maxBuckets && shift < 63; ++shift)
        buckets = joined(buckets, shift);
    while (buckets.size() > maxBuckets) { // steps of both signs never share a group
        mergeBucket(buckets[buckets.size() - 2], buckets.back());
        buckets.pop_back();
    }
    return buckets;
}

} // namespace

Result<std::vector<Bucket>> chooseBuckets(Database& database, std::int64_t seriesId, StepRange range, int maxBuckets)
{
    const auto most = static_cast<std::size_t>(std::max(maxBuckets, 1));
    const std::int64_t limit = static_cast<std::int64_t>(most) * kReadFactor + 1;
    const auto stored = stepRange(database, seriesId);
    if (!stored) return stored.error();
    if (!*stored || range.first > range.last) return std::vector<Bucket>{};

    const auto points = readPoints(database, seriesId, range, limit);
    if (!points) return points.error();
    if (static_cast<std::int64_t>(points->size()) < limit) {
        std::vector<Bucket> buckets;
        for (const PointRow& point : *points)
            buckets.push_back(bucketOf(point));
        return joinedTo(std::move(buckets), 0, most);
    }
    range = {std::max(range.first, (*stored)->first), std::min(range.last, (*stored)->last)};
    for (int level = 1;; ++level) {
        const int shift = kPyramidShift * level;
        auto buckets = readBuckets(database, seriesId, level, {range.first >> shift, range.last >> shift},
                                   level == kPyramidLevels ? -1 : limit);
        if (!buckets) return buckets.error();
        if (static_cast<std::int64_t>(buckets->size()) < limit || level == kPyramidLevels)
            return joinedTo(std::move(*buckets), level, most);
    }
}

} // namespace gradus::store
