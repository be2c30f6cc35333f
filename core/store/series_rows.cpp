// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/series_rows.h"

#include "store/database.h"
#include "store/point_collector.h"

#include <cmath>
#include <limits>

namespace gradus::store {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

} // namespace

ValueKind kindOf(double value)
{
    if (std::isnan(value)) return ValueKind::NaN;
    if (std::isinf(value)) return value > 0 ? ValueKind::PlusInfinity : ValueKind::MinusInfinity;
    return value == 0 && std::signbit(value) ? ValueKind::NegativeZero : ValueKind::Finite;
}

double valueOf(std::int64_t kind, double stored)
{
    switch (kind) {
    case static_cast<int>(ValueKind::NaN):
        return kNaN;
    case static_cast<int>(ValueKind::PlusInfinity):
        return std::numeric_limits<double>::infinity();
    case static_cast<int>(ValueKind::MinusInfinity):
        return -std::numeric_limits<double>::infinity();
    case static_cast<int>(ValueKind::NegativeZero):
        return -0.0;
    default:
        return stored;
    }
}

Result<std::optional<std::int64_t>> findSeries(Database& database, std::int64_t runId, const std::string& name)
{
    auto query = database.prepare("SELECT id FROM series WHERE run_id = ?1 AND name = ?2");
    if (!query) return query.error();
    const auto row = query->bind(runId, name).step();
    if (!row) return row.error();
    return *row ? std::optional<std::int64_t>(query->integer(0)) : std::nullopt;
}

Result<std::vector<PointRow>> readSeries(Database& database, std::int64_t runId, const std::string& name)
{
    const auto id = findSeries(database, runId, name);
    if (!id) return id.error();
    if (!*id) return std::vector<PointRow>{};
    return readPoints(database, **id, kAllSteps);
}

Result<std::vector<PointRow>> readPoints(Database& database, std::int64_t seriesId, StepRange range, std::int64_t limit)
{
    if (limit < 0) return collectPoints(database, seriesId, range);
    auto query = database.prepare("SELECT step, wall, kind, value FROM point "
                                  "WHERE series_id = ?1 AND step BETWEEN ?2 AND ?3 ORDER BY step LIMIT ?4");
    if (!query) return query.error();
    query->bind(seriesId, range.first, range.last, limit);
    std::vector<PointRow> points;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return points;
        points.push_back({query->integer(0), query->real(1), valueOf(query->integer(2), query->real(3))});
    }
}

Result<std::vector<Bucket>> readBuckets(Database& database, std::int64_t seriesId, int level, StepRange numbers,
                                        std::int64_t limit)
{
    auto query = database.prepare("SELECT first_step, last_step, minimum, maximum, last, count FROM pyramid "
                                  "WHERE series_id = ?1 AND level = ?2 AND bucket BETWEEN ?3 AND ?4 "
                                  "ORDER BY bucket LIMIT ?5");
    if (!query) return query.error();
    query->bind(seriesId, level, numbers.first, numbers.last, limit);
    std::vector<Bucket> buckets;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return buckets;
        buckets.push_back({query->integer(0), query->integer(1), query->real(2, kNaN), query->real(3, kNaN),
                           query->real(4, kNaN), query->integer(5)});
    }
}

} // namespace gradus::store
