// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/pyramid.h"

#include "store/database.h"
#include "store/series_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace gradus::store {

namespace {

struct Node
{
    std::int64_t index = 0; ///< bucket number within its level
    Bucket bucket;
};

/// Lowest level of which one bucket covers the whole range.
int topLevel(const StepRange& range)
{
    int level = 1;
    while (level < kPyramidLevels &&
           (range.first >> (kPyramidShift * level)) != (range.last >> (kPyramidShift * level)))
        ++level;
    return level;
}

Result<void> store(Database& database, std::int64_t seriesId, int level, const std::vector<Node>& nodes)
{
    auto insert = database.prepare(
        "INSERT INTO pyramid (series_id, level, bucket, first_step, last_step, minimum, maximum, last, count) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (series_id, level, bucket) DO UPDATE SET "
        "first_step = excluded.first_step, last_step = excluded.last_step, minimum = excluded.minimum, "
        "maximum = excluded.maximum, last = excluded.last, count = excluded.count");
    if (!insert) return insert.error();
    for (const auto& [index, b] : nodes) {
        auto done =
            insert->bind(seriesId, level, index, b.firstStep, b.lastStep, b.minimum, b.maximum, b.last, b.count).run();
        if (!done) return done;
    }
    return {};
}

/// The bucket as its children in the store make it; level 1's children are points.
Result<Bucket> fromStore(Database& database, std::int64_t seriesId, int level, std::int64_t index)
{
    const std::int64_t first = index * (std::int64_t{1} << kPyramidShift);
    const std::int64_t last = first + (1 << kPyramidShift) - 1;
    Bucket sum;
    if (level == 1) {
        const auto points = readPoints(database, seriesId, {first, last});
        if (!points) return points.error();
        for (const PointRow& point : *points)
            mergeBucket(sum, bucketOf(point));
        return sum;
    }
    const auto buckets = readBuckets(database, seriesId, level - 1, {first, last});
    if (!buckets) return buckets.error();
    for (const Bucket& bucket : *buckets)
        mergeBucket(sum, bucket);
    return sum;
}

/// Parents of sorted nodes, and the bucket that joins all older points when the pyramid has just grown to this level.
std::vector<std::int64_t> parentsOf(const std::vector<Node>& nodes, int level, const std::optional<StepRange>& before)
{
    std::vector<std::int64_t> parents;
    for (const Node& node : nodes)
        parents.push_back(node.index >> kPyramidShift);
    if (before && level > topLevel(*before)) parents.push_back(before->first >> (kPyramidShift * level));
    std::sort(parents.begin(), parents.end());
    parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
    return parents;
}

/// Buckets that begin after everything stored earlier hold nothing but the new children: no need to read those back.
bool isNew(std::int64_t index, int level, const std::optional<StepRange>& before)
{
    return !before || index > (before->last >> (kPyramidShift * level));
}

/// One level up. `children` are the changed nodes of the level below, sorted.
Result<std::vector<Node>> lift(Database& database, std::int64_t seriesId, int level, const std::vector<Node>& children,
                               const std::optional<StepRange>& before)
{
    std::vector<Node> nodes;
    auto child = children.begin();
    for (const std::int64_t index : parentsOf(children, level, before)) {
        Node node{index, {}};
        if (isNew(index, level, before)) {
            while (child != children.end() && (child->index >> kPyramidShift) < index)
                ++child;
            for (; child != children.end() && (child->index >> kPyramidShift) == index; ++child)
                mergeBucket(node.bucket, child->bucket);
        } else {
            auto bucket = fromStore(database, seriesId, level, index);
            if (!bucket) return bucket.error();
            node.bucket = *bucket;
        }
        nodes.push_back(node);
    }
    return nodes;
}

} // namespace

void mergeBucket(Bucket& sum, const Bucket& more)
{
    if (more.count == 0) return;
    if (sum.count == 0) {
        sum = more;
        return;
    }
    sum.lastStep = more.lastStep;
    sum.last = more.last;
    sum.minimum = std::fmin(sum.minimum, more.minimum); // fmin and fmax prefer the number over NaN
    sum.maximum = std::fmax(sum.maximum, more.maximum);
    sum.count += more.count;
}

Bucket bucketOf(const PointRow& point)
{
    return {point.step, point.step, point.value, point.value, point.value, 1};
}

Result<std::optional<StepRange>> stepRange(Database& database, std::int64_t seriesId)
{
    auto query = database.prepare("SELECT (SELECT min(step) FROM point WHERE series_id = ?1), "
                                  "(SELECT max(step) FROM point WHERE series_id = ?1)");
    if (!query) return query.error();
    const auto row = query->bind(seriesId).step();
    if (!row) return row.error();
    if (query->isNull(0)) return std::optional<StepRange>{};
    return std::optional<StepRange>{{query->integer(0), query->integer(1)}};
}

Result<void> updatePyramid(Database& database, std::int64_t seriesId, std::span<const PointRow> written,
                           std::optional<StepRange> before)
{
    if (written.empty()) return {};
    StepRange now{written.front().step, written.back().step};
    if (before) now = {std::min(now.first, before->first), std::max(now.last, before->last)};
    std::vector<Node> nodes;
    for (const PointRow& point : written)
        nodes.push_back({point.step, bucketOf(point)});
    const int top = topLevel(now);
    for (int level = 1; level <= top; ++level) {
        auto lifted = lift(database, seriesId, level, nodes, before);
        if (!lifted) return lifted.error();
        nodes = std::move(*lifted);
        if (auto done = store(database, seriesId, level, nodes); !done) return done;
    }
    return {};
}

Result<void> rebuildPyramid(Database& database, std::int64_t seriesId)
{
    if (auto done = database.run("DELETE FROM pyramid WHERE series_id = ?1", seriesId); !done) return done;
    constexpr std::int64_t kChunk = 8192; // bounds memory: a series may have ten million points
    std::optional<StepRange> before;
    for (std::int64_t next = std::numeric_limits<std::int64_t>::min();;) {
        const auto points = readPoints(database, seriesId, {next, std::numeric_limits<std::int64_t>::max()}, kChunk);
        if (!points) return points.error();
        if (points->empty()) return {};
        if (auto done = updatePyramid(database, seriesId, *points, before); !done) return done;
        before = StepRange{before ? before->first : points->front().step, points->back().step};
        if (points->back().step == std::numeric_limits<std::int64_t>::max()) return {};
        next = points->back().step + 1;
    }
}

Result<void> rebuildPyramid(Database& database)
{
    if (auto done = database.run("DELETE FROM pyramid"); !done) return done;
    auto query = database.prepare("SELECT id FROM series");
    if (!query) return query.error();
    std::vector<std::int64_t> ids;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) break;
        ids.push_back(query->integer(0));
    }
    for (const std::int64_t id : ids)
        if (auto done = rebuildPyramid(database, id); !done) return done;
    return {};
}

} // namespace gradus::store
