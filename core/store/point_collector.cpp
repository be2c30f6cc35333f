// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/point_collector.h"

#include "store/connection.h"
#include "store/database.h"
#include "store/series_rows.h"

#include <sqlite3.h>

#include <algorithm>
#include <new>

namespace gradus::store {

namespace {

/// A damaged pyramid must not make us ask for all memory at once.
constexpr std::int64_t kMostReserved = std::int64_t{1} << 24;

bool isBefore(const PointRow& a, const PointRow& b)
{
    return a.step < b.step;
}

void addRow(sqlite3_context* context, int, sqlite3_value** values)
{
    std::vector<PointRow>* points = static_cast<Connection*>(sqlite3_user_data(context))->collected;
    if (points == nullptr) {
        sqlite3_result_error(context, "collect_points() is the store's own", -1);
        return;
    }
    try {
        points->push_back({sqlite3_value_int64(values[0]), sqlite3_value_double(values[1]),
                           valueOf(sqlite3_value_int64(values[2]), sqlite3_value_double(values[3]))});
    } catch (const std::bad_alloc&) { // no exception may cross SQLite
        sqlite3_result_error_nomem(context);
    }
}

void finish(sqlite3_context* context)
{
    sqlite3_result_null(context);
}

/// How many points the top of the pyramid says a series has; 0 where it says nothing.
std::int64_t pointsByPyramid(Database& database, std::int64_t seriesId)
{
    auto query = database.prepare("SELECT count FROM pyramid WHERE series_id = ?1 ORDER BY level DESC LIMIT 1");
    if (!query) return 0;
    const auto row = query->bind(seriesId).step();
    return row && *row ? std::clamp(query->integer(0), std::int64_t{0}, kMostReserved) : 0;
}

} // namespace

void addPointCollector(Connection& connection)
{
    sqlite3_create_function_v2(connection.handle, "collect_points", 4, SQLITE_UTF8 | SQLITE_DIRECTONLY, &connection,
                               nullptr, addRow, finish, nullptr);
}

Result<std::vector<PointRow>> collectPoints(Database& database, std::int64_t seriesId, StepRange range)
{
    std::vector<PointRow> points;
    // Growing by doubling would copy a long series once more and touch its memory twice.
    if (range.first == kAllSteps.first) points.reserve(static_cast<std::size_t>(pointsByPyramid(database, seriesId)));
    auto query = database.prepare("SELECT collect_points(step, wall, kind, value) FROM point "
                                  "WHERE series_id = ?1 AND step BETWEEN ?2 AND ?3");
    if (!query) return query.error();
    query->bind(seriesId, range.first, range.last);
    Connection& connection = database.connection();
    connection.collected = &points;
    const auto done = query->run();
    connection.collected = nullptr;
    if (!done) return done.error();
    // They come in the order of the primary key; an aggregate's order is a habit of SQLite's and no promise.
    if (!std::is_sorted(points.begin(), points.end(), isBefore)) std::sort(points.begin(), points.end(), isBefore);
    return points;
}

} // namespace gradus::store
