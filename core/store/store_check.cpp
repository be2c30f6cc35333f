// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/store_check.h"

#include "base/text.h"
#include "store/connection.h"
#include "store/database.h"
#include "store/migrations.h"
#include "store/opening.h"
#include "store/pyramid.h"
#include "store/schema.h"

#include <sqlite3.h>

#include <cstdlib>
#include <iterator>

namespace gradus::store {

namespace {

// Every level is compared with the one below in SQL, independently of the code that builds it. `last` is compared
// through the row it must equal. IS NOT tells NULL (NaN) from a number.
constexpr const char* kWrongFirstLevel = R"sql(
SELECT count(*) FROM (
    SELECT series_id, step >> 3 AS bucket, min(step) AS first_step, max(step) AS last_step, min(value) AS minimum,
           max(value) AS maximum, count(*) AS count
    FROM point GROUP BY series_id, step >> 3) p
LEFT JOIN pyramid b ON b.series_id = p.series_id AND b.level = 1 AND b.bucket = p.bucket
WHERE b.first_step IS NOT p.first_step OR b.last_step IS NOT p.last_step OR b.minimum IS NOT p.minimum
   OR b.maximum IS NOT p.maximum OR b.count IS NOT p.count
   OR b.last IS NOT (SELECT value FROM point q WHERE q.series_id = p.series_id AND q.step = p.last_step)
)sql";
constexpr const char* kBucketsOfNothing = R"sql(
SELECT count(*) FROM pyramid b WHERE level = 1 AND NOT EXISTS (
    SELECT 1 FROM point p WHERE p.series_id = b.series_id AND p.step BETWEEN b.bucket * 8 AND b.bucket * 8 + 7)
)sql";
constexpr const char* kWrongHigherLevels = R"sql(
SELECT count(*) FROM (
    SELECT series_id, level + 1 AS level, bucket >> 3 AS bucket, min(first_step) AS first_step,
           max(last_step) AS last_step, min(minimum) AS minimum, max(maximum) AS maximum, sum(count) AS count
    FROM pyramid GROUP BY series_id, level, bucket >> 3) c
JOIN pyramid b ON b.series_id = c.series_id AND b.level = c.level AND b.bucket = c.bucket
WHERE b.first_step IS NOT c.first_step OR b.last_step IS NOT c.last_step
   OR b.minimum IS NOT c.minimum OR b.maximum IS NOT c.maximum OR b.count IS NOT c.count
   OR b.last IS NOT (SELECT value FROM point q WHERE q.series_id = b.series_id AND q.step = b.last_step)
)sql";
// No level may be missing up to one of a single bucket, and every level must hold all of the series' points. A series
// of both negative and positive steps never joins: it ends at the highest level there is.
constexpr const char* kUnevenLevels = R"sql(
SELECT count(*) FROM (
    SELECT series_id, max(total) AS most, min(total) AS least, count(*) AS levels, max(level) AS top,
           min(buckets) AS fewest
    FROM (SELECT series_id, level, sum(count) AS total, count(*) AS buckets FROM pyramid GROUP BY series_id, level)
    GROUP BY series_id)
WHERE most IS NOT least OR levels IS NOT top OR (fewest <> 1 AND top < 20)
)sql";

Result<void> checkPages(Database& database, CheckReport& report)
{
    auto query = database.prepare("PRAGMA integrity_check(20)");
    if (!query) return query.error();
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return {};
        if (query->text(0) != "ok") report.damage.push_back(visible(query->text(0)));
    }
}

Result<void> checkReferences(Database& database, CheckReport& report)
{
    auto query = database.prepare("SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2");
    if (!query) return query.error();
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) return {};
        report.damage.push_back(std::to_string(query->integer(2)) + " rows of " + visible(query->text(0)) +
                                " refer to a missing row of " + visible(query->text(1)) + ".");
    }
}

Result<void> checkPyramid(Database& database, CheckReport& report)
{
    for (const char* sql : {kWrongFirstLevel, kBucketsOfNothing, kWrongHigherLevels, kUnevenLevels}) {
        const auto wrong = database.integer(sql);
        if (!wrong) return wrong.error();
        if (*wrong != 0) report.pyramidIsRight = false;
    }
    return {};
}

/// As many messages in the index of words as there are; what the index says of each is FTS5's own check.
Result<void> checkWords(Database& database, CheckReport& report)
{
    const auto missing = database.integer("SELECT (SELECT count(*) FROM message WHERE number < 16777216) - "
                                          "(SELECT count(*) FROM message_text_docsize)");
    if (!missing) return missing.error();
    if (*missing != 0)
        report.damage.push_back("The index of words holds " + std::to_string(std::abs(*missing)) + " messages too " +
                                (*missing > 0 ? "few." : "many."));
    return {};
}

Result<void> countRows(Database& database, CheckReport& report)
{
    const auto runs = database.integer("SELECT count(*) FROM run");
    if (!runs) return runs.error();
    const auto points = database.integer("SELECT count(*) FROM point");
    if (!points) return points.error();
    report.runs = *runs;
    report.points = *points;
    return {};
}

struct NamedCheck
{
    const char* name;
    Result<void> (*check)(Database&, CheckReport&);
};
constexpr NamedCheck kChecks[] = {{"pages and indices", checkPages},
                                  {"references", checkReferences},
                                  {"min/max/last pyramid", checkPyramid},
                                  {"index of words", checkWords},
                                  {"rows", countRows}};

void stopWhenAsked(Database& database, const StopFlag& stop)
{
    constexpr int kStepsPerLook = 10'000;
    sqlite3_progress_handler(
        database.connection().handle, kStepsPerLook,
        [](void* flag) { return static_cast<StopFlag*>(flag)->requested() ? 1 : 0; }, const_cast<StopFlag*>(&stop));
}

} // namespace

Result<CheckReport> checkStore(const std::filesystem::path& path, const CheckWatch& watch)
{
    auto database = openForReading(path);
    if (!database) return database.error();
    CheckReport report;
    report.formatVersion = kSchemaVersion;
    report.bytes = storeBytes(path);
    const auto snapshot = Transaction::begin(*database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    if (watch.stop != nullptr) stopWhenAsked(*database, *watch.stop);
    int number = 0;
    for (const auto& [name, check] : kChecks) {
        if (watch.begun) watch.begun(name, number++, static_cast<int>(std::size(kChecks)));
        const auto done = check(*database, report);
        if (watch.stop != nullptr && watch.stop->requested())
            return Error{.message = "The check was stopped.", .kind = ErrorKind::Stopped};
        // A page that cannot be read ends a check; the report says so and the others are still tried.
        if (!done) report.damage.push_back(done.error().message);
    }
    return report;
}

Result<void> repairPyramid(const std::filesystem::path& path)
{
    auto database = openForWriting(path);
    if (!database) return database.error();
    {
        auto transaction = Transaction::begin(*database, Transaction::Kind::Write);
        if (!transaction) return transaction.error();
        if (auto done = rebuildPyramid(*database); !done) return done;
        if (auto done = transaction->commit(); !done) return done;
    }
    database->closeWithCheckpoint();
    return {};
}

Result<void> backupStore(const std::filesystem::path& path, const std::filesystem::path& to)
{
    auto database = openForReading(path);
    if (!database) return database.error();
    return copyStore(*database, to);
}

} // namespace gradus::store
