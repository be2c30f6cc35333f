// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/transcripts.h"

#include "store/store_reader.h"

#include <QFile>

#include <algorithm>

namespace gradus::viewmodels {

namespace {

constexpr int kReadAgain = 2000; // milliseconds: a list of episodes needs no 30 looks a second

/// Opens the store and reads with one connection that lives no longer than this call. Any thread.
template <typename Value, typename Read>
Result<Value> readFrom(const QString& store, Read read)
{
    const auto reader = store::StoreReader::open(QFile::encodeName(store).toStdString());
    if (!reader) return reader.error();
    return read(*reader);
}

bool isSame(const store::EpisodeRow& a, const store::EpisodeRow& b)
{
    return a.id == b.id && a.verdict == b.verdict && a.severity == b.severity && a.messages == b.messages &&
           a.judge == b.judge && a.safeBehaviour == b.safeBehaviour && a.scenario == b.scenario;
}

QString sentenceOf(const Error& error)
{
    return QString::fromStdString(error.message);
}

} // namespace

using Counts = std::map<std::int64_t, std::int64_t>;

Transcripts::Transcripts(QObject* parent)
    : QObject(parent), m_countsJob(this), m_rowsJob(this), m_episodeJob(this), m_hitsJob(this)
{
    m_delay.setSingleShot(true);
    m_delay.setInterval(kReadAgain);
    connect(&m_delay, &QTimer::timeout, this, [this] {
        readCounts();
        if (m_run == 0) return;
        readRows();
        if (!m_search.isEmpty()) readHits();
    });
}

bool Transcripts::isLoading() const
{
    return m_countsJob.isRunning() || m_rowsJob.isRunning() || m_episodeJob.isRunning() || m_hitsJob.isRunning();
}

void Transcripts::open(const QString& store)
{
    m_delay.stop();
    m_countsJob.cancel();
    m_store = store;
    m_counts.clear();
    m_hasCounts = false;
    m_failure.clear();
    showRun(0);
    Q_EMIT countsChanged();
    if (!store.isEmpty()) readCounts();
}

void Transcripts::refresh()
{
    if (!m_store.isEmpty() && !m_delay.isActive()) m_delay.start();
}

void Transcripts::showRun(std::int64_t run)
{
    m_rowsJob.cancel();
    m_hitsJob.cancel();
    m_run = run;
    m_rows.clear();
    m_hits.clear();
    showEpisode(0);
    Q_EMIT rowsChanged();
    if (run == 0) return;
    readRows();
    if (!m_search.isEmpty()) readHits();
}

void Transcripts::showEpisode(std::int64_t episode)
{
    if (episode == m_episodeId && (episode == 0 || m_episode)) return;
    m_episodeJob.cancel();
    m_episodeId = episode;
    // What was shown stays until the new one is here: an empty page between two would flicker.
    if (episode != 0) return readEpisode();
    m_episode.reset();
    Q_EMIT episodeChanged();
}

void Transcripts::search(const QString& text)
{
    if (text == m_search) return;
    m_search = text;
    m_hitsJob.cancel();
    if (!text.isEmpty() && m_run != 0) return readHits();
    m_hits.clear();
    Q_EMIT hitsChanged();
}

void Transcripts::readCounts()
{
    m_countsJob.start(
        [store = m_store] {
            return readFrom<Counts>(store, [](const store::StoreReader& reader) { return reader.episodeCounts(); });
        },
        [this](Result<Counts> counts) {
            if (!counts) return fail(sentenceOf(counts.error()));
            m_failure.clear();
            if (m_hasCounts && *counts == m_counts) return;
            m_hasCounts = true;
            m_counts = std::move(*counts);
            Q_EMIT countsChanged();
        });
}

void Transcripts::readRows()
{
    using Rows = std::vector<store::EpisodeRow>;
    m_rowsJob.start(
        [store = m_store, run = m_run] {
            return readFrom<Rows>(store, [run](const store::StoreReader& reader) { return reader.episodeRows(run); });
        },
        [this](Result<Rows> rows) {
            if (!rows) return fail(sentenceOf(rows.error()));
            if (std::equal(rows->begin(), rows->end(), m_rows.begin(), m_rows.end(), isSame)) return;
            const auto isShown = [this](const store::EpisodeRow& row) { return row.id == m_episodeId; };
            const auto before = std::find_if(m_rows.begin(), m_rows.end(), isShown);
            const auto after = std::find_if(rows->begin(), rows->end(), isShown);
            const bool isGone = m_episodeId != 0 && after == rows->end();
            const bool isNew = before != m_rows.end() && after != rows->end() && !isSame(*before, *after);
            m_rows = std::move(*rows);
            if (isGone) showEpisode(0); // it was run again, under another id
            if (isNew) readEpisode();   // it was judged meanwhile
            Q_EMIT rowsChanged();
        });
}

void Transcripts::readEpisode()
{
    m_episodeJob.start(
        [store = m_store, id = m_episodeId] {
            return readFrom<events::EpisodeRecord>(
                store, [id](const store::StoreReader& reader) { return reader.episode(id); });
        },
        [this](Result<events::EpisodeRecord> episode) {
            if (!episode) {
                m_episode.reset(); // else the last one would stand under the name of this one
                Q_EMIT episodeChanged();
                return fail(sentenceOf(episode.error()));
            }
            m_failure.clear();
            m_episode = std::make_shared<const events::EpisodeRecord>(std::move(*episode));
            Q_EMIT episodeChanged();
        });
}

void Transcripts::readHits()
{
    m_hitsJob.start(
        [store = m_store, run = m_run, text = m_search.toStdString()] {
            return readFrom<Counts>(
                store, [run, &text](const store::StoreReader& reader) { return reader.episodeHits(run, text); });
        },
        [this](Result<Counts> hits) {
            if (!hits) return fail(sentenceOf(hits.error()));
            m_hits = std::move(*hits);
            Q_EMIT hitsChanged();
        });
}

void Transcripts::fail(const QString& sentence)
{
    m_failure = sentence;
    Q_EMIT failed(sentence);
}

} // namespace gradus::viewmodels
