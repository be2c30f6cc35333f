// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/store_poller.h"

#include "base/clock.h"
#include "viewmodels/row_change.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <sys/stat.h>
#include <utility>

namespace gradus::viewmodels {

namespace {

constexpr qint64 kOpenRetry = 250;     // milliseconds between attempts on a store that cannot be opened
constexpr qint64 kIdentityCheck = 500; // milliseconds between looks at which file the path names
constexpr qint64 kLifeCheck = 1000;    // milliseconds between looks for processes that died without a word
/// A panel of sources reports this once it has written its votes; counting them at every look would cost too much.
constexpr const char* kPanelSeries = "signal/coverage";
constexpr std::size_t kMostPoints = 200'000;  // in one signal: the GUI thread takes them up in a few milliseconds
constexpr double kNewsAge = 120;              // seconds; a commit may wait for a busy store
constexpr std::size_t kMostConditions = 2000; // whose settings are read at one look: a tenth of a second
constexpr qint64 kRunsCostFactor = 5;         // reading the run list takes at most a fifth of the reader's time

bool same(const QVector<store::RunRow>& a, const std::vector<store::RunRow>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), isSameRow);
}

bool same(const store::QueueState& a, const store::QueueState& b)
{
    return a.pausedAt == b.pausedAt && std::equal(a.rows.begin(), a.rows.end(), b.rows.begin(), b.rows.end(),
                                                  [](const store::QueueRow& x, const store::QueueRow& y) {
                                                      return isSameRow(x.run, y.run) && x.after == y.after &&
                                                             x.threads == y.threads && x.attempts == y.attempts;
                                                  });
}

bool claimsALivingProcess(const store::RunRow& row)
{
    return row.state == store::RunState::Running || row.state == store::RunState::Preparing ||
           row.state == store::RunState::Stopping;
}

} // namespace

StorePoller::StorePoller() = default;

void StorePoller::start()
{
    m_clock.start();
    m_timer = new QTimer(this);
    m_timer->setInterval(StoreWatcher::kPollMilliseconds);
    connect(m_timer, &QTimer::timeout, this, &StorePoller::poll);
    m_timer->start();
    poll();
}

void StorePoller::open(const QString& path)
{
    drop();
    m_path = path;
    m_rows.clear();
    m_settings.clear();
    m_rowsSent = false;
    m_queue.reset();
    m_lastSentence.clear();
    m_pendingFailure.clear();
    m_nextOpen = 0;
    poll();
}

void StorePoller::watch(std::int64_t runId)
{
    m_watched = runId;
    m_watchedIsNew = true;
    m_cursor.clear();
    if (m_reader && m_watched != 0) readWatched();
}

void StorePoller::drop()
{
    m_reader.reset();
    m_version = -1;
    m_cursor.clear();
    m_watchedIsNew = true;
}

std::optional<StorePoller::FileIdentity> StorePoller::identity() const
{
    struct stat entry = {};
    if (::stat(QFile::encodeName(m_path).constData(), &entry) != 0) return std::nullopt;
    return FileIdentity{entry.st_dev, entry.st_ino};
}

void StorePoller::poll()
{
    if (m_path.isEmpty() || m_timer == nullptr) return;
    if (m_reader && !stillTheSameFile()) drop();
    if (!m_reader) tryOpen();
    if (!m_reader) return;

    const Result<std::int64_t> version = m_reader->dataVersion();
    if (!version) {
        drop();
        report(QString::fromStdString(version.error().message));
        return;
    }
    const qint64 now = m_clock.elapsed();
    const bool isNewer = *version != m_version;
    const bool lifeCheck = m_someoneIsAlive && now >= m_nextLifeCheck;
    m_version = *version;
    // The watched run goes first: its points are what the eye waits for.
    if ((isNewer || lifeCheck) && m_watched != 0) readWatched();
    m_runsAreStale = m_runsAreStale || isNewer || lifeCheck;
    if (m_reader && m_runsAreStale && now >= m_nextRuns) readRuns();
    if (lifeCheck) m_nextLifeCheck = now + kLifeCheck;
    if (m_reader && isNewer) readAlerts();
    if (m_reader && isNewer) Q_EMIT changed();
    if (m_reader && isNewer && m_reader->sizeInBytes() != m_size) {
        m_size = m_reader->sizeInBytes();
        Q_EMIT size(m_size);
    }
}

bool StorePoller::stillTheSameFile()
{
    const qint64 now = m_clock.elapsed();
    if (now < m_nextIdentity) return true;
    m_nextIdentity = now + kIdentityCheck;
    // What was opened as it lay there, on a full disk, knows nothing of who begins to write.
    if (m_isAsItLay && QFileInfo(m_path + QStringLiteral("-wal")).size() > 0) return false;
    return identity() == m_identity;
}

void StorePoller::tryOpen()
{
    const qint64 now = m_clock.elapsed();
    if (now < m_nextOpen) return;
    m_nextOpen = now + kOpenRetry;
    const std::optional<FileIdentity> found = identity();
    if (!found) {
        const QString sentence = tr("There is no run store at %1 yet; it appears with the first run.").arg(m_path);
        if (sentence == m_lastSentence) return;
        m_lastSentence = sentence;
        m_rows.clear();
        Q_EMIT waiting(sentence);
        return;
    }
    Result<store::StoreReader> reader = store::StoreReader::open(QFile::encodeName(m_path).toStdString());
    if (!reader) {
        report(QString::fromStdString(reader.error().message));
        return;
    }
    m_reader.emplace(std::move(*reader));
    m_identity = *found;
    m_isAsItLay = QFileInfo(m_path + QStringLiteral("-shm")).size() == 0;
    m_nextIdentity = now + kIdentityCheck;
    m_nextRuns = 0;
    m_rowsSent = false;
    m_queue.reset();
    m_newestEvent = -1;
    m_lastSentence.clear();
    m_pendingFailure.clear();
    Q_EMIT ready(m_path);
}

// A store that is just being created looks damaged for a moment, so a failure counts when it is met twice.
void StorePoller::report(const QString& sentence)
{
    if (sentence == m_lastSentence) return;
    if (m_pendingFailure != sentence) {
        m_pendingFailure = sentence;
        return;
    }
    m_lastSentence = sentence;
    Q_EMIT failed(sentence);
}

void StorePoller::readRuns()
{
    const qint64 before = m_clock.elapsed();
    Result<std::vector<store::RunRow>> rows = m_reader->runs();
    // The list is shown before many thousand conditions are read; the next looks bring their settings.
    const Result<bool> known = rows ? m_reader->addSettings(*rows, m_settings, kMostConditions) : rows.error();
    if (!known) {
        drop();
        report(QString::fromStdString(known.error().message));
        return;
    }
    if (!readQueue()) return;
    m_nextRuns = m_clock.elapsed() + kRunsCostFactor * (m_clock.elapsed() - before);
    m_runsAreStale = !*known;
    m_someoneIsAlive = std::any_of(rows->begin(), rows->end(), claimsALivingProcess);
    if (m_rowsSent && same(m_rows, *rows)) return;
    m_rows = QVector<store::RunRow>(rows->begin(), rows->end());
    m_rowsSent = true;
    Q_EMIT runs(m_rows);
}

bool StorePoller::readQueue()
{
    Result<store::QueueState> found = m_reader->queue();
    if (!found) {
        drop();
        report(QString::fromStdString(found.error().message));
        return false;
    }
    if (m_queue && same(*m_queue, *found)) return true;
    m_queue = std::move(*found);
    Q_EMIT queue(*m_queue);
    return true;
}

void StorePoller::readWatched()
{
    if (readDetail()) readPoints();
}

bool StorePoller::readDetail()
{
    const Result<store::RunDetail> found = m_reader->detail(m_watched);
    if (!found) {
        // The run may have been deleted, or the store replaced by one without it: the run list will say so.
        if (found.error().kind == ErrorKind::BadInput) return false;
        drop();
        report(QString::fromStdString(found.error().message));
        return false;
    }
    Q_EMIT detail(*found);
    return true;
}

bool StorePoller::readPoints()
{
    const Result<std::vector<store::SeriesPoints>> found = m_reader->pointsSince(m_watched, m_cursor);
    if (!found) {
        drop();
        report(QString::fromStdString(found.error().message));
        return false;
    }
    if (found->empty() && !m_watchedIsNew) return true;
    const bool hasPanel = m_watchedIsNew || std::any_of(found->begin(), found->end(),
                                                        [](const auto& series) { return series.name == kPanelSeries; });
    sendPoints(*found);
    return !hasPanel || readVotes();
}

/// In pieces that the GUI thread takes up within a frame.
void StorePoller::sendPoints(const std::vector<store::SeriesPoints>& found)
{
    const auto empty = [this] {
        return PointBatch{
            .runId = m_watched, .fromStart = std::exchange(m_watchedIsNew, false), .newestWall = 0, .series = {}};
    };
    PointBatch batch = empty();
    std::size_t room = kMostPoints;
    for (const store::SeriesPoints& series : found)
        for (std::size_t from = 0; from < series.points.size();) {
            const std::size_t count = std::min(room, series.points.size() - from);
            store::SeriesPoints piece{.name = series.name, .points = {}};
            const auto begin = series.points.begin() + static_cast<std::ptrdiff_t>(from);
            piece.points.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
            for (const store::PointRow& point : piece.points)
                batch.newestWall = std::max(batch.newestWall, point.wall);
            batch.series.append(std::move(piece));
            from += count;
            room -= count;
            if (room > 0) continue;
            Q_EMIT points(batch);
            batch = empty();
            room = kMostPoints;
        }
    if (batch.fromStart || !batch.series.isEmpty()) Q_EMIT points(batch);
}

void StorePoller::readAlerts()
{
    const Result<std::vector<store::FiredAlert>> found = m_reader->alertsSince(m_newestEvent);
    if (!found) {
        drop();
        report(QString::fromStdString(found.error().message));
        return;
    }
    // A run that is copied (a branch, a merge, out of the trash) brings what it was told long ago.
    QVector<store::FiredAlert> fresh;
    for (const store::FiredAlert& alert : *found)
        if (wallSeconds() - alert.event.wall < kNewsAge) fresh.append(alert);
    if (!fresh.isEmpty()) Q_EMIT alerts(fresh);
}

bool StorePoller::readVotes()
{
    const Result<std::vector<store::VoteCount>> found = m_reader->voteCounts(m_watched);
    if (!found) {
        drop();
        report(QString::fromStdString(found.error().message));
        return false;
    }
    Q_EMIT votes({m_watched, QVector<store::VoteCount>(found->begin(), found->end())});
    return true;
}

} // namespace gradus::viewmodels
