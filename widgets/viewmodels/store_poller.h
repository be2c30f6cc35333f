// SPDX-License-Identifier: GPL-3.0-or-later
// The half of StoreWatcher that lives in the reader thread and owns the connection.
#pragma once

#include "store/store_reader.h"
#include "viewmodels/store_watcher.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <optional>

namespace gradus::viewmodels {

/// Only StoreWatcher creates one. Every member is used in the reader thread alone.
class StorePoller final : public QObject
{
    Q_OBJECT
public:
    StorePoller();

    void start(); ///< in the reader thread: its timer belongs there
    void open(const QString& path);
    void watch(std::int64_t runId);
    void poll();

Q_SIGNALS:
    void ready(const QString& path);
    void waiting(const QString& sentence);
    void failed(const QString& sentence);
    void changed();
    void runs(const QVector<gradus::store::RunRow>& rows);
    void queue(const gradus::store::QueueState& queue);
    void detail(const gradus::store::RunDetail& detail);
    void points(const gradus::viewmodels::PointBatch& batch);
    void votes(const gradus::viewmodels::VoteTally& tally);
    void alerts(const QVector<gradus::store::FiredAlert>& fired);
    void size(qint64 bytes);

private:
    /// Which file the path names: a replaced store has another device or inode.
    struct FileIdentity
    {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
    };
    std::optional<FileIdentity> identity() const;

    void tryOpen();
    void drop();
    void report(const QString& sentence);
    bool stillTheSameFile();
    void readRuns();
    bool readQueue();
    void readWatched();
    bool readDetail();
    bool readPoints();
    void sendPoints(const std::vector<store::SeriesPoints>& found);
    bool readVotes();
    void readAlerts();

    QTimer* m_timer = nullptr;
    QString m_path;
    std::optional<store::StoreReader> m_reader;
    FileIdentity m_identity;
    bool m_isAsItLay = false; ///< opened without the index that writers share
    std::int64_t m_version = -1;
    QVector<store::RunRow> m_rows;
    store::SettingsCache m_settings;
    bool m_rowsSent = false;
    std::optional<store::QueueState> m_queue; // as it was sent
    bool m_someoneIsAlive = false; // a row claims a living process: its death must be noticed without a commit
    std::int64_t m_watched = 0;
    bool m_watchedIsNew = false;
    store::PointCursor m_cursor;
    QString m_lastSentence;
    QString m_pendingFailure;
    std::int64_t m_newestEvent = -1; // what fired before the store was opened is no news
    qint64 m_size = -1;
    QElapsedTimer m_clock;
    qint64 m_nextOpen = 0; // milliseconds of m_clock
    qint64 m_nextRuns = 0;
    qint64 m_nextIdentity = 0;
    qint64 m_nextLifeCheck = 0;
    bool m_runsAreStale = false;
};

} // namespace gradus::viewmodels
