// SPDX-License-Identifier: GPL-3.0-or-later
// Sandbox episodes of one run, one transcript and one search, read from the store off the GUI thread.
#pragma once

#include "common/job.h"
#include "compare/people_agreement.h"
#include "store/episode_outline.h"
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
    static constexpr int kHeld = 2000;     ///< messages that an episode is opened with
    static constexpr int kCompared = 5000; ///< messages of an episode that is compared with others

    explicit Transcripts(QObject* parent = nullptr);

    void open(const QString& store); ///< forgets what was read; reads which runs have episodes
    /// The store changed: reads again what is shown and what judges say of it, at most every two seconds.
    void refresh();
    void showRun(std::int64_t run);         ///< 0: none
    void showEpisode(std::int64_t episode); ///< 0: none
    void search(const QString& text);       ///< in the messages of the run; empty: none
    /// Of a long episode: a page of its messages, from the first-th on; messagesArrived answers. Newer wishes come
    /// first.
    void wantMessages(int first, int count);
    void compare(const std::vector<std::int64_t>& episodes); ///< up to four are read whole; none: no longer
    void reread();                                           ///< what is shown was judged: reads it again at once

    std::int64_t run() const { return m_run; }
    std::int64_t episodeId() const { return m_episodeId; }
    const QString& searchText() const { return m_search; }
    const std::map<std::int64_t, std::int64_t>& runCounts() const { return m_counts; } ///< episodes by run
    const std::vector<store::EpisodeRow>& rows() const { return m_rows; }
    const std::map<std::int64_t, std::int64_t>& hits() const { return m_hits.byEpisode; } ///< by episode of the run
    const std::map<std::int64_t, std::int64_t>& runHits() const { return m_hits.byRun; }  ///< by run of the store
    std::shared_ptr<const events::EpisodeRecord> episode() const { return m_episode; }    ///< null: none, or on its way
    /// Of the episode: what every judge says, the run's own first; and every change of what people said.
    const std::vector<store::VerdictRow>& verdicts() const { return m_verdicts; }
    const std::vector<store::VerdictChange>& verdictChanges() const { return m_changes; }
    /// Of the episode: what each message is; null while it is on its way, after the episode itself.
    std::shared_ptr<const store::EpisodeOutline> outline() const { return m_outline; }
    const QString& store() const { return m_store; }
    int messages() const { return m_messages; } ///< of the episode, which holds the first kHeld of them
    const std::vector<int>& messageHits() const { return m_messageHits; } ///< messages of the episode with the search
    /// What is compared, in the order that was asked for; empty while it is on its way.
    const std::vector<std::shared_ptr<const events::EpisodeRecord>>& compared() const { return m_compared; }
    /// Of each: "1a2b3c4d gap 0.3, seed 2", made visible.
    const QStringList& comparedRuns() const { return m_comparedRuns; }
    const std::vector<std::int64_t>& comparedIds() const { return m_comparedIds; }
    const std::vector<store::PreferenceRow>& preferences() const { return m_preferences; } ///< in the run
    const compare::PeopleAgreement& agreement() const { return m_agreement; } ///< of people on the run's episodes
    const QString& failure() const { return m_failure; } ///< one sentence; empty when all could be read
    bool isLoading() const;
    bool isSearching() const { return m_hitsJob.isRunning(); }
    bool hasCounts() const { return m_hasCounts; } ///< it is known which runs have episodes

Q_SIGNALS:
    void countsChanged();
    void rowsChanged();
    void episodeChanged();
    void verdictsChanged(); ///< of the episode that is shown, which is the same as before
    void hitsChanged();
    void messagesArrived(int first, const std::vector<gradus::events::EpisodeMessage>& messages);
    void messageHitsChanged();
    void outlineChanged();
    void comparedChanged();
    void preferencesChanged();
    void agreementChanged();
    void failed(const QString& sentence);

private:
    void readCounts();
    void readRows();
    void readEpisode();
    void readVerdicts();
    void readHits();
    void readMessageHits();
    void readOutline();
    void readWantedMessages();
    void readCompared();
    void forgetEpisode();
    void fail(const QString& sentence);

    common::Job m_countsJob, m_rowsJob, m_episodeJob, m_verdictsJob, m_hitsJob, m_messageHitsJob, m_messagesJob,
        m_comparedJob, m_outlineJob;
    QTimer m_delay;
    QString m_store;
    QString m_search;
    QString m_failure;
    std::int64_t m_run = 0;
    std::int64_t m_episodeId = 0;
    std::map<std::int64_t, std::int64_t> m_counts;
    store::TextHits m_hits;
    std::vector<store::EpisodeRow> m_rows;
    std::shared_ptr<const events::EpisodeRecord> m_episode;
    std::shared_ptr<const store::EpisodeOutline> m_outline;
    std::vector<store::VerdictRow> m_verdicts;
    std::vector<store::VerdictChange> m_changes;
    std::vector<store::PreferenceRow> m_preferences;
    compare::PeopleAgreement m_agreement;
    std::vector<std::int64_t> m_comparedIds;
    QStringList m_comparedRuns;
    std::vector<std::shared_ptr<const events::EpisodeRecord>> m_compared;
    std::vector<std::pair<int, int>> m_wanted; ///< first message and count, the newest last
    std::vector<int> m_messageHits;
    std::int64_t m_hitsOf = 0; ///< episode whose messages were searched
    int m_messages = 0;
    bool m_hasCounts = false;
};

} // namespace gradus::viewmodels
