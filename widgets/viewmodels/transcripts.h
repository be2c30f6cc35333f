// SPDX-License-Identifier: GPL-3.0-or-later
// Sandbox episodes of one run, one transcript and one search, read from the store off the GUI thread.
#pragma once

#include "common/job.h"
#include "store/records.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace gradus::viewmodels {

/// GUI thread only. Newer wishes replace older ones; an answer to an older one is never heard.
class Transcripts final : public QObject
{
    Q_OBJECT
public:
    explicit Transcripts(QObject* parent = nullptr);

    void open(const QString& store);        ///< forgets what was read; reads which runs have episodes
    void refresh();                         ///< the store changed: reads again what is shown, at most every two seconds
    void showRun(std::int64_t run);         ///< 0: none
    void showEpisode(std::int64_t episode); ///< 0: none
    void search(const QString& text);       ///< in the messages of the run; empty: none

    std::int64_t run() const { return m_run; }
    std::int64_t episodeId() const { return m_episodeId; }
    const QString& searchText() const { return m_search; }
    const std::map<std::int64_t, std::int64_t>& runCounts() const { return m_counts; } ///< episodes by run
    const std::vector<store::EpisodeRow>& rows() const { return m_rows; }
    const std::map<std::int64_t, std::int64_t>& hits() const { return m_hits; }        ///< by episode
    std::shared_ptr<const events::EpisodeRecord> episode() const { return m_episode; } ///< null: none, or on its way
    const QString& failure() const { return m_failure; } ///< one sentence; empty when all could be read
    bool isLoading() const;
    bool isSearching() const { return m_hitsJob.isRunning(); }
    bool hasCounts() const { return m_hasCounts; } ///< it is known which runs have episodes

Q_SIGNALS:
    void countsChanged();
    void rowsChanged();
    void episodeChanged();
    void hitsChanged();
    void failed(const QString& sentence);

private:
    void readCounts();
    void readRows();
    void readEpisode();
    void readHits();
    void fail(const QString& sentence);

    common::Job m_countsJob, m_rowsJob, m_episodeJob, m_hitsJob;
    QTimer m_delay;
    QString m_store;
    QString m_search;
    QString m_failure;
    std::int64_t m_run = 0;
    std::int64_t m_episodeId = 0;
    std::map<std::int64_t, std::int64_t> m_counts;
    std::map<std::int64_t, std::int64_t> m_hits;
    std::vector<store::EpisodeRow> m_rows;
    std::shared_ptr<const events::EpisodeRecord> m_episode;
    bool m_hasCounts = false;
};

} // namespace gradus::viewmodels
