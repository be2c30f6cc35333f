// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/store_reader.h"

#include "base/text.h"
#include "store/bucket_choice.h"
#include "store/episode_list.h"
#include "store/episode_rows.h"
#include "store/opening.h"
#include "store/queue_rows.h"
#include "store/rows.h"
#include "store/series_rows.h"
#include "store/text_search.h"
#include "store/verdict_rows.h"
#include "store/vote_rows.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace gradus::store {

namespace {

constexpr std::int64_t kLastStep = kAllSteps.last;

bool isRunNumber(const std::string& name)
{
    return !name.empty() && name.size() <= 18 &&
           std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

struct StoreReader::Impl
{
    mutable Database database;
};

StoreReader::StoreReader(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
namespace {

/// A sweep may set the task: a run's own text says it, the experiment only where that text does not.
void takeTask(RunRow& row, const RunSettings& settings)
{
    if (const Setting* task = settings.find("task.name")) row.taskName = task->value;
}

} // namespace

StoreReader::~StoreReader() = default;
StoreReader::StoreReader(StoreReader&&) noexcept = default;
StoreReader& StoreReader::operator=(StoreReader&&) noexcept = default;

Result<StoreReader> StoreReader::open(const std::filesystem::path& path)
{
    auto database = openForReading(path);
    if (!database) return database.error();
    return StoreReader(std::make_unique<Impl>(Impl{std::move(*database)}));
}

Result<std::int64_t> StoreReader::dataVersion() const
{
    return m_impl->database.integer("PRAGMA data_version");
}

Result<std::vector<RunRow>> StoreReader::runs() const
{
    const auto snapshot = Transaction::begin(m_impl->database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    return readRuns(m_impl->database);
}

Result<bool> StoreReader::addSettings(std::vector<RunRow>& rows, SettingsCache& cache, std::size_t most) const
{
    Database& database = m_impl->database;
    const auto snapshot = Transaction::begin(database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    bool isWhole = true;
    for (RunRow& row : rows) {
        const std::string condition = row.experimentHash + '\n' + row.experimentName + '\n' + row.condition;
        if (const auto known = cache.find(condition); known != cache.end()) {
            row.settings = known->second;
            takeTask(row, *row.settings);
            continue;
        }
        if (most == 0) {
            isWhole = false;
            continue;
        }
        --most;
        const auto text = readSpec(database, row.id);
        if (!text && text.error().kind != ErrorKind::BadInput) return text.error();
        row.settings = std::make_shared<const RunSettings>(text ? std::string_view(*text) : std::string_view());
        takeTask(row, *row.settings);
        cache.emplace(condition, row.settings);
    }
    return isWhole;
}

Result<RunRow> StoreReader::findRun(const std::string& name) const
{
    Database& database = m_impl->database;
    const auto snapshot = Transaction::begin(database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    if (isRunNumber(name)) {
        auto run = readRun(database, std::stoll(name));
        if (!run) return run.error();
        if (*run) return std::move(**run);
    }
    const std::string shown = "\"" + visible(name, 60) + "\"";
    if (name.size() < 4) {
        Error error = noSuchRun(database, shown);
        if (!isRunNumber(name)) error.message += " A prefix needs four characters or more.";
        return error;
    }
    auto query = database.prepare("SELECT id FROM run WHERE uuid >= ?1 AND uuid < ?2 ORDER BY uuid = ?1 DESC LIMIT 2");
    if (!query) return query.error();
    query->bind(name, name + "\x7f"); // uuids are ASCII
    std::vector<std::int64_t> ids;
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) break;
        ids.push_back(query->integer(0));
    }
    if (ids.empty()) return noSuchRun(database, shown);
    auto run = readRun(database, ids.front());
    if (!run) return run.error();
    if (!*run) return noSuchRun(database, shown);
    if (ids.size() > 1 && (*run)->uuid != name)
        return badInput("Several runs of the store " + database.path().string() + " begin with " + shown +
                        "; give more characters.");
    return std::move(**run);
}

Result<RunDetail> StoreReader::detail(std::int64_t runId) const
{
    Database& database = m_impl->database;
    const auto snapshot = Transaction::begin(database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    RunDetail detail;
    auto run = readRun(database, runId);
    if (!run) return run.error();
    if (!*run) return noSuchRun(database, std::to_string(runId));
    detail.run = std::move(**run);
    auto spec = readSpec(database, runId);
    if (!spec) return spec.error();
    detail.specToml = std::move(*spec);
    takeTask(detail.run, RunSettings(detail.specToml));
    auto generations = readGenerations(database, runId);
    if (!generations) return generations.error();
    detail.generations = std::move(*generations);
    auto stages = readStages(database, runId);
    if (!stages) return stages.error();
    detail.stages = std::move(*stages);
    auto events = readEvents(database, runId);
    if (!events) return events.error();
    detail.events = std::move(*events);
    return detail;
}

Result<std::string> StoreReader::sourceToml(std::int64_t runId) const
{
    return readSource(m_impl->database, runId);
}

Result<std::vector<SeriesPoints>> StoreReader::pointsSince(std::int64_t runId, PointCursor& cursor) const
{
    Database& database = m_impl->database;
    const auto snapshot = Transaction::begin(database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    auto query = database.prepare("SELECT id, name FROM series WHERE run_id = ?1 ORDER BY id");
    if (!query) return query.error();
    query->bind(runId);
    std::vector<SeriesPoints> all;
    PointCursor advanced = cursor; // stays as it was on failure
    for (;;) {
        const auto row = query->step();
        if (!row) return row.error();
        if (!*row) break;
        SeriesPoints series{query->text(1), {}};
        const auto seen = advanced.find(series.name);
        if (seen != advanced.end() && seen->second == kLastStep) continue;
        const std::int64_t first = seen == advanced.end() ? std::numeric_limits<std::int64_t>::min() : seen->second + 1;
        auto points = readPoints(database, query->integer(0), {first, kLastStep});
        if (!points) return points.error();
        if (points->empty()) continue;
        series.points = std::move(*points);
        advanced[series.name] = series.points.back().step;
        all.push_back(std::move(series));
    }
    cursor = std::move(advanced);
    return all;
}

Result<std::vector<events::VoteRecord>> StoreReader::votes(std::int64_t runId, int generation) const
{
    Database& database = m_impl->database;
    const auto snapshot = Transaction::begin(database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    return readVotes(database, runId, generation);
}

Result<std::vector<VoteCount>> StoreReader::voteCounts(std::int64_t runId) const
{
    return countVotes(m_impl->database, runId);
}

Result<std::vector<events::EpisodeRecord>> StoreReader::episodes(std::int64_t runId) const
{
    Database& database = m_impl->database;
    const auto snapshot = Transaction::begin(database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    return readEpisodes(database, runId);
}

Result<std::map<std::int64_t, std::int64_t>> StoreReader::episodeCounts() const
{
    return countEpisodes(m_impl->database);
}

Result<std::vector<EpisodeRow>> StoreReader::episodeRows(std::int64_t runId) const
{
    return readEpisodeRows(m_impl->database, runId);
}

Result<events::EpisodeRecord> StoreReader::episode(std::int64_t episodeId) const
{
    Database& database = m_impl->database;
    const auto snapshot = Transaction::begin(database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    return readEpisode(database, episodeId, kAllMessages);
}

Result<EpisodeStart> StoreReader::episodeStart(std::int64_t episodeId, std::int64_t mostMessages) const
{
    Database& database = m_impl->database;
    const auto snapshot = Transaction::begin(database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    auto episode = readEpisode(database, episodeId, mostMessages);
    if (!episode) return episode.error();
    auto query = database.prepare("SELECT coalesce(max(number), -1) + 1 FROM message WHERE episode_id = ?1");
    if (!query) return query.error();
    const auto row = query->bind(episodeId).step();
    if (!row) return row.error();
    return EpisodeStart{std::move(*episode), query->integer(0)};
}

Result<EpisodeOutline> StoreReader::outline(std::int64_t episodeId) const
{
    const auto snapshot = Transaction::begin(m_impl->database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    return readOutline(m_impl->database, episodeId);
}

Result<std::vector<events::EpisodeMessage>> StoreReader::messages(std::int64_t episodeId, std::int64_t first,
                                                                  std::int64_t count) const
{
    return readMessages(m_impl->database, episodeId, first, count);
}

Result<TextHits> StoreReader::textHits(std::int64_t runId, const std::string& text) const
{
    Database& database = m_impl->database;
    const auto snapshot = Transaction::begin(database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    return findText(database, runId, text);
}

Result<std::vector<std::int64_t>> StoreReader::messagesWith(std::int64_t episodeId, const std::string& text) const
{
    return store::messagesWith(m_impl->database, episodeId, text);
}

Result<std::vector<VerdictRow>> StoreReader::verdicts(std::int64_t episodeId) const
{
    return readVerdicts(m_impl->database, episodeId);
}

Result<std::vector<VerdictRow>> StoreReader::personVerdicts(std::int64_t runId) const
{
    return readPersonVerdicts(m_impl->database, runId);
}

Result<std::vector<VerdictChange>> StoreReader::verdictChanges(std::int64_t episodeId) const
{
    return readVerdictChanges(m_impl->database, episodeId);
}

Result<std::vector<PreferenceRow>> StoreReader::preferences(std::int64_t runId) const
{
    return readPreferences(m_impl->database, runId);
}

Result<SeriesPoints> StoreReader::series(std::int64_t runId, const std::string& name) const
{
    Database& database = m_impl->database;
    const auto snapshot = Transaction::begin(database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    auto points = readSeries(database, runId, name);
    if (!points) return points.error();
    return SeriesPoints{name, std::move(*points)};
}

Result<std::vector<Bucket>> StoreReader::buckets(std::int64_t runId, const std::string& name, std::int64_t firstStep,
                                                 std::int64_t lastStep, int maxBuckets) const
{
    Database& database = m_impl->database;
    const auto snapshot = Transaction::begin(database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    const auto id = findSeries(database, runId, name);
    if (!id) return id.error();
    if (!*id) return std::vector<Bucket>{};
    return chooseBuckets(database, **id, {firstStep, lastStep}, maxBuckets);
}

Result<std::vector<FiredAlert>> StoreReader::alertsSince(std::int64_t& newestEvent) const
{
    const auto snapshot = Transaction::begin(m_impl->database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    return readAlerts(m_impl->database, newestEvent);
}

Result<QueueState> StoreReader::queue() const
{
    const auto snapshot = Transaction::begin(m_impl->database, Transaction::Kind::Read);
    if (!snapshot) return snapshot.error();
    return readQueue(m_impl->database);
}

std::int64_t StoreReader::sizeInBytes() const
{
    return storeBytes(m_impl->database.path());
}

} // namespace gradus::store
