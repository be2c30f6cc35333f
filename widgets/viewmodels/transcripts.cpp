// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/transcripts.h"

#include "base/text.h"
#include "store/episode_runs.h"
#include "store/store_reader.h"

#include <QFile>

#include <algorithm>
#include <limits>

namespace gradus::viewmodels {

namespace {

constexpr std::size_t kMostWanted = 4; // pages: older wishes are of what was scrolled past
constexpr int kReadAgain = 2000;       // milliseconds: a list of episodes needs no 30 looks a second

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
           a.judge == b.judge && a.safeBehaviour == b.safeBehaviour && a.scenario == b.scenario &&
           a.people == b.people && a.isTaught == b.isTaught && a.isAudited == b.isAudited;
}

bool saysTheSame(const store::VerdictRow& a, const store::VerdictRow& b)
{
    return a.judge == b.judge && a.verdict == b.verdict && a.score == b.score && a.severity == b.severity &&
           a.note == b.note && a.safeBehaviour == b.safeBehaviour && a.changedAt == b.changedAt;
}

/// All that judges say of an episode.
struct Verdicts
{
    std::vector<store::VerdictRow> rows;
    std::vector<store::VerdictChange> changes;
};

Result<Verdicts> readVerdictsOf(const store::StoreReader& reader, std::int64_t id)
{
    auto rows = reader.verdicts(id);
    if (!rows) return rows.error();
    auto changes = reader.verdictChanges(id);
    if (!changes) return changes.error();
    return Verdicts{std::move(*rows), std::move(*changes)};
}

struct WholeEpisode
{
    store::EpisodeStart start;
    Verdicts verdicts;
};

Result<WholeEpisode> readWhole(const store::StoreReader& reader, std::int64_t id)
{
    auto episode = reader.episodeStart(id, Transcripts::kHeld);
    if (!episode) return episode.error();
    auto verdicts = readVerdictsOf(reader, id);
    if (!verdicts) return verdicts.error();
    return WholeEpisode{std::move(*episode), std::move(*verdicts)};
}

struct RunEpisodes
{
    std::vector<store::EpisodeRow> rows;
    std::vector<store::PreferenceRow> preferences;
    compare::PeopleAgreement agreement;
};

Result<RunEpisodes> readRun(const store::StoreReader& reader, std::int64_t run)
{
    auto rows = reader.episodeRows(run);
    if (!rows) return rows.error();
    auto preferences = reader.preferences(run);
    if (!preferences) return preferences.error();
    auto agreement = compare::agreementOf(*rows, *preferences);
    return RunEpisodes{std::move(*rows), std::move(*preferences), std::move(agreement)};
}

struct Compared
{
    std::vector<std::shared_ptr<const events::EpisodeRecord>> records;
    QStringList runs; ///< of each
};

QString shown(const std::string& text)
{
    return QString::fromStdString(visible(text, 60));
}

QString sentenceOf(const Error& error)
{
    return QString::fromStdString(error.message);
}

} // namespace

using Counts = std::map<std::int64_t, std::int64_t>;

Transcripts::Transcripts(QObject* parent)
    : QObject(parent), m_countsJob(this), m_rowsJob(this), m_episodeJob(this), m_verdictsJob(this), m_hitsJob(this),
      m_messageHitsJob(this), m_messagesJob(this), m_comparedJob(this), m_outlineJob(this)
{
    m_delay.setSingleShot(true);
    m_delay.setInterval(kReadAgain);
    connect(&m_delay, &QTimer::timeout, this, [this] {
        readCounts();
        if (m_run == 0) return;
        readRows();
        readVerdicts();
        if (!m_search.isEmpty()) readHits();
    });
}

bool Transcripts::isLoading() const
{
    return m_countsJob.isRunning() || m_rowsJob.isRunning() || m_episodeJob.isRunning() || m_verdictsJob.isRunning() ||
           m_hitsJob.isRunning() || m_messageHitsJob.isRunning() || m_messagesJob.isRunning() ||
           m_comparedJob.isRunning() || m_outlineJob.isRunning();
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
    compare({});
    m_preferences.clear();
    m_agreement = {};
    Q_EMIT agreementChanged();
    m_run = run;
    m_rows.clear();
    m_hits = {};
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
    m_verdictsJob.cancel();
    m_messagesJob.cancel();
    m_messageHitsJob.cancel();
    m_wanted.clear();
    m_messageHits.clear();
    m_hitsOf = 0;
    m_outlineJob.cancel();
    m_outline.reset();
    m_episodeId = episode;
    // What was shown stays until the new one is here: an empty page between two would flicker.
    if (episode != 0) return readEpisode();
    forgetEpisode();
}

void Transcripts::forgetEpisode()
{
    m_episode.reset();
    m_outlineJob.cancel();
    m_outline.reset();
    m_verdicts.clear();
    m_changes.clear();
    m_messages = 0;
    m_wanted.clear();
    m_messageHits.clear();
    m_hitsOf = 0;
    Q_EMIT episodeChanged();
}

void Transcripts::reread()
{
    if (m_store.isEmpty() || m_run == 0) return;
    readRows();
    if (m_episodeId != 0) readEpisode();
}

void Transcripts::search(const QString& text)
{
    if (text == m_search) return;
    m_search = text;
    m_hitsJob.cancel();
    m_messageHitsJob.cancel();
    m_messageHits.clear();
    m_hitsOf = 0;
    if (!text.isEmpty() && m_run != 0) {
        if (m_episode) readMessageHits();
        return readHits();
    }
    Q_EMIT messageHitsChanged();
    m_hits = {};
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
    m_rowsJob.start(
        [store = m_store, run = m_run] {
            return readFrom<RunEpisodes>(store,
                                         [run](const store::StoreReader& reader) { return readRun(reader, run); });
        },
        [this](Result<RunEpisodes> read) {
            if (!read) return fail(sentenceOf(read.error()));
            const bool isPreferred = !std::equal(read->preferences.begin(), read->preferences.end(),
                                                 m_preferences.begin(), m_preferences.end());
            m_preferences = std::move(read->preferences);
            if (isPreferred) Q_EMIT preferencesChanged();
            const bool isAgreed = read->agreement == m_agreement;
            m_agreement = std::move(read->agreement);
            if (!isAgreed) Q_EMIT agreementChanged();
            std::vector<store::EpisodeRow>* rows = &read->rows;
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

/// Others judge the episode that is being read: without its messages, which have not changed.
void Transcripts::readVerdicts()
{
    if (!m_episode || m_episodeJob.isRunning()) return;
    m_verdictsJob.start(
        [store = m_store, id = m_episodeId] {
            return readFrom<Verdicts>(store,
                                      [id](const store::StoreReader& reader) { return readVerdictsOf(reader, id); });
        },
        [this](Result<Verdicts> read) {
            if (!read) return fail(sentenceOf(read.error()));
            const bool same =
                read->changes.size() == m_changes.size() && // the journal only grows
                std::equal(read->rows.begin(), read->rows.end(), m_verdicts.begin(), m_verdicts.end(), saysTheSame);
            if (same) return;
            m_verdicts = std::move(read->rows);
            m_changes = std::move(read->changes);
            Q_EMIT verdictsChanged();
        });
}

void Transcripts::readEpisode()
{
    m_verdictsJob.cancel(); // it brings them, too
    m_episodeJob.start(
        [store = m_store, id = m_episodeId] {
            return readFrom<WholeEpisode>(store,
                                          [id](const store::StoreReader& reader) { return readWhole(reader, id); });
        },
        [this](Result<WholeEpisode> whole) {
            if (!whole) {
                forgetEpisode(); // else the last one would stand under the name of this one
                return fail(sentenceOf(whole.error()));
            }
            m_failure.clear();
            m_messages =
                static_cast<int>(std::min<std::int64_t>(whole->start.messages, std::numeric_limits<int>::max()));
            const bool isNew = m_hitsOf != m_episodeId;
            m_episode = std::make_shared<const events::EpisodeRecord>(std::move(whole->start.episode));
            m_verdicts = std::move(whole->verdicts.rows);
            m_changes = std::move(whole->verdicts.changes);
            Q_EMIT episodeChanged();
            if (!m_outline) readOutline();
            if (isNew && !m_search.isEmpty()) readMessageHits();
        });
}

/// After the episode, which is to be seen first: of a million messages it takes a second.
void Transcripts::readOutline()
{
    m_outlineJob.start(
        [store = m_store, id = m_episodeId] {
            return readFrom<store::EpisodeOutline>(
                store, [id](const store::StoreReader& reader) { return reader.outline(id); });
        },
        [this](Result<store::EpisodeOutline> outline) {
            if (!outline) return fail(sentenceOf(outline.error()));
            m_outline = std::make_shared<const store::EpisodeOutline>(std::move(*outline));
            Q_EMIT outlineChanged();
        });
}

void Transcripts::readHits()
{
    m_hitsJob.start(
        [store = m_store, run = m_run, text = m_search.toStdString()] {
            return readFrom<store::TextHits>(
                store, [run, &text](const store::StoreReader& reader) { return reader.textHits(run, text); });
        },
        [this](Result<store::TextHits> hits) {
            if (!hits) return fail(sentenceOf(hits.error()));
            m_hits = std::move(*hits);
            Q_EMIT hitsChanged();
        });
}

void Transcripts::readMessageHits()
{
    m_hitsOf = m_episodeId;
    m_messageHitsJob.start(
        [store = m_store, id = m_episodeId, text = m_search.toStdString()] {
            return readFrom<std::vector<std::int64_t>>(
                store, [id, &text](const store::StoreReader& reader) { return reader.messagesWith(id, text); });
        },
        [this](Result<std::vector<std::int64_t>> hits) {
            if (!hits) return fail(sentenceOf(hits.error()));
            m_messageHits.assign(hits->begin(), hits->end());
            Q_EMIT messageHitsChanged();
        });
}

void Transcripts::wantMessages(int first, int count)
{
    m_wanted.emplace_back(first, count);
    if (m_wanted.size() > kMostWanted) m_wanted.erase(m_wanted.begin());
    if (!m_messagesJob.isRunning()) readWantedMessages();
}

void Transcripts::readWantedMessages()
{
    if (m_wanted.empty() || m_episodeId == 0) return;
    using Messages = std::vector<events::EpisodeMessage>;
    const auto [first, count] = m_wanted.back();
    m_wanted.pop_back();
    m_messagesJob.start(
        [store = m_store, id = m_episodeId, from = first, most = count] {
            return readFrom<Messages>(
                store, [id, from, most](const store::StoreReader& reader) { return reader.messages(id, from, most); });
        },
        [this, id = m_episodeId, from = first](Result<Messages> messages) {
            if (!messages) return fail(sentenceOf(messages.error()));
            if (id == m_episodeId) Q_EMIT messagesArrived(from, *messages);
            readWantedMessages();
        });
}

void Transcripts::compare(const std::vector<std::int64_t>& episodes)
{
    if (episodes == m_comparedIds) return;
    m_comparedIds = episodes;
    m_comparedJob.cancel();
    m_compared.clear();
    if (!episodes.empty()) return readCompared();
    Q_EMIT comparedChanged();
}

void Transcripts::readCompared()
{
    m_comparedJob.start(
        [store = m_store, ids = m_comparedIds] {
            return readFrom<Compared>(store, [&](const store::StoreReader& reader) -> Result<Compared> {
                const auto runs = store::runsOfEpisodes(QFile::encodeName(store).toStdString(), ids);
                if (!runs) return runs.error();
                Compared read;
                for (const store::RunName& run : *runs)
                    read.runs << tr("%1 %2, seed %3").arg(shown(run.uuid), shown(run.name), QString::number(run.seed));
                for (const std::int64_t id : ids) {
                    auto start = reader.episodeStart(id, kCompared);
                    if (!start) return start.error();
                    read.records.push_back(std::make_shared<const events::EpisodeRecord>(std::move(start->episode)));
                }
                return read;
            });
        },
        [this](Result<Compared> read) {
            if (!read) return fail(sentenceOf(read.error()));
            m_compared = std::move(read->records);
            m_comparedRuns = std::move(read->runs);
            Q_EMIT comparedChanged();
        });
}

void Transcripts::fail(const QString& sentence)
{
    m_failure = sentence;
    Q_EMIT failed(sentence);
}

} // namespace gradus::viewmodels
