// SPDX-License-Identifier: GPL-3.0-or-later
// The SQLite databases of MLflow and trackio, opened read-only.
#include "base/json_depth.h"
#include "base/text.h"
#include "imports/read_source.h"
#include "store/database.h"
#include "store/schema.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <map>

#include <nlohmann/json.hpp>

namespace gradus::imports {

namespace {

using nlohmann::json;
using store::Database;
using store::Statement;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Calls row for each row; the error says that the file is at fault, whatever SQLite calls it.
Result<void> eachRow(Database& database, const char* sql, const std::function<void(const Statement&)>& row)
{
    const auto refuse = [&](const Error& cause) {
        return badInput("The database " + visible(database.path().string(), 400) +
                        " cannot be imported: " + cause.message);
    };
    auto query = database.prepare(sql);
    if (!query) return refuse(query.error());
    for (;;) {
        const auto more = query->step();
        if (!more) return refuse(more.error());
        if (!*more) return {};
        row(*query);
    }
}

/// Runs by their key, in the order in which they appear.
class Runs
{
public:
    explicit Runs(ForeignSource& source) : m_source(source) {}

    ForeignRun& at(const std::string& key)
    {
        const auto [place, isNew] = m_places.emplace(key, m_source.runs.size());
        if (isNew) m_source.runs.push_back({.name = key, .key = key});
        return m_source.runs[place->second];
    }
    bool has(const std::string& key) const { return m_places.count(key) == 1; }

    void add(const std::string& key, const std::string& metric, const store::PointRow& point)
    {
        ForeignRun& run = at(key);
        const auto [place, isNew] = m_series.emplace(std::make_pair(key, metric), run.series.size());
        if (isNew) run.series.push_back({.name = metric});
        run.series[place->second].points.push_back(point);
    }

private:
    ForeignSource& m_source;
    std::map<std::string, std::size_t> m_places;
    std::map<std::pair<std::string, std::string>, std::size_t> m_series;
};

Result<ForeignSource> readMlflow(Database& database)
{
    ForeignSource source{.format = "MLflow"};
    Runs runs(source);
    auto done = eachRow(database,
                        "SELECT r.run_uuid, r.name, e.name, r.start_time, r.end_time, r.status FROM runs r "
                        "JOIN experiments e ON e.experiment_id = r.experiment_id "
                        "WHERE r.lifecycle_stage IS NOT 'deleted' ORDER BY r.start_time, r.run_uuid",
                        [&](const Statement& s) {
                            ForeignRun& run = runs.at(s.text(0));
                            if (!s.text(1).empty()) run.name = s.text(1);
                            run.project = s.text(2);
                            run.startedAt = s.real(3) / 1000;
                            run.endedAt = s.real(4) / 1000;
                            run.failed = s.text(5) == "FAILED";
                        });
    if (!done) return done.error();
    done = eachRow(database, "SELECT run_uuid, key, value FROM params ORDER BY run_uuid, key", [&](const Statement& s) {
        if (runs.has(s.text(0))) runs.at(s.text(0)).parameters.emplace_back(s.text(1), s.text(2));
    });
    if (!done) return done.error();
    // Infinities are kept as the largest double of their sign.
    done = eachRow(database,
                   "SELECT run_uuid, key, step, timestamp, value, is_nan FROM metrics ORDER BY run_uuid, key, "
                   "timestamp, step",
                   [&](const Statement& s) {
                       if (!runs.has(s.text(0))) return;
                       double value = s.integer(5) != 0 ? kNaN : s.real(4);
                       if (value >= std::numeric_limits<double>::max()) value = std::numeric_limits<double>::infinity();
                       if (value <= std::numeric_limits<double>::lowest())
                           value = -std::numeric_limits<double>::infinity();
                       runs.add(s.text(0), s.text(1), {s.integer(2), s.real(3) / 1000, value});
                   });
    if (!done) return done.error();
    return source;
}

/// Wall seconds of "2026-11-29T09:44:51.123456+00:00"; 0 where it is not of that form.
double timeOf(const std::string& text)
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0;
    const auto number = [&](std::size_t from, std::size_t count, int& value) {
        if (text.size() < from + count) return false;
        const char* end = text.data() + from + count;
        return std::from_chars(text.data() + from, end, value).ptr == end;
    };
    if (!number(0, 4, year) || !number(5, 2, month) || !number(8, 2, day) || !number(11, 2, hour) ||
        !number(14, 2, minute) || month < 1 || month > 12)
        return 0;
    const std::size_t end = text.find_first_of("+-Z", 17);
    const std::size_t begin = std::min<std::size_t>(text.size(), 17); // seconds may be left out
    const double seconds = parseNumber(text.substr(begin, end == std::string::npos ? end : end - begin)).value_or(0);
    int zone = 0; // minutes east
    int zoneHours = 0;
    int zoneMinutes = 0;
    if (end != std::string::npos && text[end] != 'Z' && number(end + 1, 2, zoneHours) &&
        number(end + 4, 2, zoneMinutes))
        zone = (text[end] == '-' ? -1 : 1) * (60 * zoneHours + zoneMinutes);
    // Days since 1970 of a date, March being the first month of a year.
    const int shifted = month > 2 ? year : year - 1;
    const int era = shifted / 400;
    const int yearOfEra = shifted - era * 400;
    const int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    const double days = static_cast<double>(era) * 146097 + dayOfEra - 719468;
    return days * 86400 + hour * 3600 + (minute - zone) * 60 + seconds;
}

/// Discarded where it is no JSON or nested absurdly deep: what reads it further down calls itself.
json parsed(const std::string& text)
{
    return isJsonDeeper(text) ? json(json::value_t::discarded) : json::parse(text, nullptr, false);
}

/// A number of a JSON object, also where it is written as a word because JSON has no such number.
std::optional<double> numberOf(const json& value)
{
    if (value.is_number()) return value.get<double>();
    if (value.is_boolean()) return value.get<bool>() ? 1.0 : 0.0;
    if (!value.is_string()) return std::nullopt;
    const std::string& text = value.get_ref<const std::string&>();
    if (text == "NaN") return kNaN;
    if (text == "Infinity") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
    return std::nullopt;
}

/// Nested settings become "optimiser.name".
void flatten(const json& value, const std::string& name, ForeignRun& run)
{
    if (value.is_object() && name.size() < 200) {
        for (const auto& [key, inner] : value.items())
            flatten(inner, name.empty() ? key : name + "." + key, run);
        return;
    }
    run.parameters.emplace_back(name, value.is_string() ? value.get<std::string>()
                                                        : value.dump(-1, ' ', false, json::error_handler_t::replace));
}

Result<ForeignSource> readTrackio(Database& database, bool hasRunId)
{
    ForeignSource source{.format = "trackio"};
    Runs runs(source);
    const std::string project = database.path().stem().string();
    std::int64_t others = 0;
    std::int64_t unreadable = 0;
    const char* sql = hasRunId
                          ? "SELECT coalesce(run_id, run_name), run_name, step, timestamp, metrics FROM metrics "
                            "ORDER BY run_id, id"
                          : "SELECT run_name, run_name, step, timestamp, metrics FROM metrics ORDER BY run_name, id";
    auto done = eachRow(database, sql, [&](const Statement& s) {
        const json values = parsed(s.text(4));
        if (!values.is_object()) {
            ++unreadable;
            return;
        }
        const double wall = timeOf(s.text(3));
        ForeignRun& run = runs.at(s.text(0));
        run.name = s.text(1);
        run.project = project;
        if (run.startedAt == 0) run.startedAt = wall;
        run.endedAt = std::max(run.endedAt, wall);
        for (const auto& [name, value] : values.items()) {
            if (const auto number = numberOf(value))
                runs.add(s.text(0), name, {s.integer(2), wall, *number});
            else
                ++others;
        }
    });
    if (!done) return done.error();
    done = eachRow(database,
                   hasRunId ? "SELECT coalesce(run_id, run_name), config FROM configs"
                            : "SELECT run_name, config FROM configs",
                   [&](const Statement& s) {
                       const json config = parsed(s.text(1));
                       if (!runs.has(s.text(0)) || !config.is_object()) return;
                       for (const auto& [key, value] : config.items()) // what begins with _ is the tracker's own
                           if (!key.starts_with("_")) flatten(value, key, runs.at(s.text(0)));
                   });
    if (!done) return done.error();
    if (others > 0)
        source.notes.push_back(std::to_string(others) + " values that are no numbers (tables, images, texts) were left "
                                                        "out.");
    if (unreadable > 0)
        source.notes.push_back(std::to_string(unreadable) + " rows of metrics are no JSON object and were left out.");
    return source;
}

} // namespace

Result<ForeignSource> readTrackerDatabase(const std::filesystem::path& path)
{
    auto database = Database::open(path, store::Access::ReadOnly);
    if (!database) return database.error();
    const auto application = database->integer("PRAGMA application_id");
    if (application && *application == store::kApplicationId)
        return badInput(visible(path.string(), 400) +
                        " is a store of Gradus; `gradus store merge` brings its runs in.");
    std::map<std::string, std::string> columns; // of each table, each followed by a blank
    auto done = eachRow(*database,
                        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c "
                        "WHERE m.type = 'table'",
                        [&](const Statement& s) { columns[s.text(0)] += s.text(1) + " "; });
    if (!done) return done.error();
    const auto has = [&](const char* table, const char* column) {
        return columns[table].find(std::string(column) + " ") != std::string::npos;
    };
    Result<ForeignSource> source =
        badInput("The database " + visible(path.string(), 400) +
                 " is neither MLflow's (tables runs, metrics, params) nor trackio's (tables metrics, configs).");
    if (has("runs", "run_uuid") && has("metrics", "is_nan") && has("params", "key"))
        source = readMlflow(*database);
    else if (has("metrics", "run_name") && has("metrics", "metrics"))
        source = readTrackio(*database, has("metrics", "run_id"));
    if (!source) return source;
    std::erase_if(source->runs, [](const ForeignRun& run) { return run.series.empty(); });
    if (source->runs.empty())
        return badInput("The database " + visible(path.string(), 400) + " has no run with metrics.");
    return source;
}

} // namespace gradus::imports
