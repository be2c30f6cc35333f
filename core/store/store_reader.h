// SPDX-License-Identifier: GPL-3.0-or-later
// Read-only view of a run store, for the window and the reporting verbs.
#pragma once

#include "base/result.h"
#include "store/episode_outline.h"
#include "store/fired_alert.h"
#include "store/records.h"
#include "store/run_settings.h"
#include "store/vote_count.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gradus::store {

/// Cursor of incremental reads: last step seen, per series name.
using PointCursor = std::map<std::string, std::int64_t>;

/// One read-only connection. Create it and use it in one thread (never the GUI thread). It never checkpoints and never
/// writes; it opens stores on read-only media and stores that a worker is writing.
class StoreReader final
{
public:
    /// Bad input when the file is missing, is not a Gradus store, is damaged, or has a newer schema.
    static Result<StoreReader> open(const std::filesystem::path& path);
    ~StoreReader();
    StoreReader(StoreReader&&) noexcept;
    StoreReader& operator=(StoreReader&&) noexcept;

    /// PRAGMA data_version: changes whenever another connection committed. A few microseconds.
    Result<std::int64_t> dataVersion() const;

    Result<std::vector<RunRow>> runs() const; ///< newest first
    /// Fills RunRow::settings and, as a sweep may set the task, taskName anew. Reads the frozen text of one run a
    /// condition that the cache does not know, about 40 us each. At most `most` of them; true: all rows have their
    /// settings now.
    Result<bool> addSettings(std::vector<RunRow>& rows, SettingsCache& cache, std::size_t most) const;
    /// By uuid, by a unique prefix of it (4 characters or more), or by numeric id as text.
    Result<RunRow> findRun(const std::string& name) const;
    Result<RunDetail> detail(std::int64_t runId) const;
    /// Alerts of all runs newer than the event with this id, oldest first; advances it. Negative: none, from now on.
    /// Looks at the new events alone.
    Result<std::vector<FiredAlert>> alertsSince(std::int64_t& newestEvent) const;
    /// The experiment file of a run as its author wrote it, comments and sweep included.
    Result<std::string> sourceToml(std::int64_t runId) const;
    /// All points of a run that are newer than the cursor, oldest first; advances the cursor.
    Result<std::vector<SeriesPoints>> pointsSince(std::int64_t runId, PointCursor& cursor) const;
    /// One series, whole.
    Result<SeriesPoints> series(std::int64_t runId, const std::string& name) const;
    /// At most about maxBuckets buckets over [firstStep, lastStep] from the coarsest sufficient pyramid level.
    Result<std::vector<Bucket>> buckets(std::int64_t runId, const std::string& name, std::int64_t firstStep,
                                        std::int64_t lastStep, int maxBuckets) const;
    /// Every raw vote of a generation's sources, the anchors' truth among them; empty where one predecessor labelled.
    Result<std::vector<events::VoteRecord>> votes(std::int64_t runId, int generation) const;
    /// How much every source said, without reading what it said: 850,000 votes take about 100 ms.
    Result<std::vector<VoteCount>> voteCounts(std::int64_t runId) const;
    /// Every sandbox episode with its transcript and verdict, in the order in which they were run.
    Result<std::vector<events::EpisodeRecord>> episodes(std::int64_t runId) const;
    /// How many episodes every run has that has some; reads an index alone.
    Result<std::map<std::int64_t, std::int64_t>> episodeCounts() const;
    /// The same episodes for a list: narrow, without their messages. 100,000 take about half a second.
    Result<std::vector<EpisodeRow>> episodeRows(std::int64_t runId) const;
    /// One episode whole, by EpisodeRow::id; bad input where there is none.
    Result<events::EpisodeRecord> episode(std::int64_t episodeId) const;
    /// The same with its first messages alone, and how many it has: what a transcript of a million messages opens with.
    Result<EpisodeStart> episodeStart(std::int64_t episodeId, std::int64_t mostMessages) const;
    /// At most count of its messages, from the first-th (0-based) on.
    Result<std::vector<events::EpisodeMessage>> messages(std::int64_t episodeId, std::int64_t first,
                                                         std::int64_t count) const;
    /// What an episode's messages are, without their words.
    Result<EpisodeOutline> outline(std::int64_t episodeId) const;
    /// How often the words of text stand in the messages, by the index of words: see text_search.h.
    Result<TextHits> textHits(std::int64_t runId, const std::string& text) const;
    /// In which messages of an episode they stand; 0-based, increasing.
    Result<std::vector<std::int64_t>> messagesWith(std::int64_t episodeId, const std::string& text) const;
    /// Every verdict on an episode: the run's own first. Judges "person/NAME" are people, "monitor/NAME" monitors.
    Result<std::vector<VerdictRow>> verdicts(std::int64_t episodeId) const;
    /// What people say of a run's episodes, by episode.
    Result<std::vector<VerdictRow>> personVerdicts(std::int64_t runId) const;
    /// Every change of what people said of an episode, oldest first.
    Result<std::vector<VerdictChange>> verdictChanges(std::int64_t episodeId) const;
    Result<std::vector<PreferenceRow>> preferences(std::int64_t runId) const;
    Result<QueueState> queue() const;
    std::int64_t sizeInBytes() const; ///< database and WAL

private:
    struct Impl;
    explicit StoreReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace gradus::store
