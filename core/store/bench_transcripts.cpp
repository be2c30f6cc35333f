// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/bench_transcripts.h"

#include "base/clock.h"
#include "base/rng.h"
#include "store/database.h"
#include "store/episode_rows.h"
#include "store/store_reader.h"
#include "store/store_writer.h"

#include <string>
#include <vector>

namespace gradus::store {

namespace {

constexpr std::uint64_t kVocabulary = 20'000;
constexpr int kWords = 15; // of a message
constexpr std::int64_t kRare = 10'000;
constexpr std::int64_t kCommon = 10;

/// Words whose frequency falls with their number, as in real text.
std::string wordsOf(Rng& rng)
{
    std::string text;
    for (int i = 0; i < kWords; ++i) {
        const double u = rng.uniform();
        text += "w" + std::to_string(static_cast<std::uint64_t>(u * u * u * static_cast<double>(kVocabulary))) + ' ';
    }
    return text;
}

events::EpisodeRecord longEpisode(std::int64_t messages, double& bytes)
{
    Rng rng(1, "transcripts");
    events::EpisodeRecord episode;
    episode.key = "bench/1/1";
    episode.scenario = "bench / long";
    episode.judge = "oracle";
    episode.verdict = "safe";
    episode.messages.reserve(static_cast<std::size_t>(messages));
    for (std::int64_t i = 0; i < messages; ++i) {
        std::string text = wordsOf(rng);
        if (i % kRare == 7) text += "needle ";
        if (i % kCommon == 3) text += "hay stacked";
        bytes += static_cast<double>(text.size());
        const bool isCall = i % 2 == 0;
        episode.messages.push_back(
            {isCall ? "assistant" : "tool", std::move(text), isCall ? "{\"tool\":\"bash\"}" : ""});
    }
    return episode;
}

/// Seconds of writing it; the store is brought to rest before.
Result<double> timeOfWriting(const std::filesystem::path& path, const events::EpisodeRecord& episode, bool hasIndex)
{
    std::int64_t run = 0;
    {
        auto writer = StoreWriter::open(path);
        if (!writer) return writer.error();
        spec::Experiment experiment;
        experiment.experiment.name = "transcripts bench";
        const auto ids = (*writer)->addRuns(experiment, "", {{"", 1, experiment}});
        if (!ids) return ids.error();
        run = ids->front();
    }
    auto database = Database::open(path, Access::ReadWrite);
    if (!database) return database.error();
    if (!hasIndex)
        // In the index's place stands one that keeps nothing.
        if (auto done = database->script("DROP TABLE message_text; CREATE VIEW message_text (rowid, content) AS "
                                         "SELECT 0, ''; CREATE TRIGGER kept_nothing INSTEAD OF INSERT ON message_text "
                                         "BEGIN SELECT 0; END;");
            !done)
            return done.error();
    if (auto wal = database->useWriteAheadLog(); !wal) return wal.error();
    const double begin = monotonicSeconds();
    auto transaction = Transaction::begin(*database, Transaction::Kind::Write);
    if (!transaction) return transaction.error();
    if (auto done = writeEpisode(*database, run, episode, 1); !done) return done.error();
    if (auto done = transaction->commit(); !done) return done.error();
    const double took = monotonicSeconds() - begin;
    database->closeWithCheckpoint();
    return took;
}

template <typename Act>
double millisecondsOf(Act act)
{
    const double begin = monotonicSeconds();
    act();
    return (monotonicSeconds() - begin) * 1e3;
}

} // namespace

Result<TranscriptBench> benchTranscripts(const std::filesystem::path& folder, std::int64_t messages)
{
    TranscriptBench bench;
    bench.messages = messages;
    double bytes = 0;
    const events::EpisodeRecord episode = longEpisode(messages, bytes);
    bench.megabytes = bytes / 1e6;
    const std::filesystem::path path = folder / "indexed.db";
    const std::filesystem::path bare = folder / "bare.db";
    const auto indexed = timeOfWriting(path, episode, true);
    if (!indexed) return indexed.error();
    const auto plain = timeOfWriting(bare, episode, false);
    if (!plain) return plain.error();
    bench.writeSeconds = *indexed;
    bench.bareWriteSeconds = *plain;
    bench.storeMegabytes = static_cast<double>(std::filesystem::file_size(path)) / 1e6;
    bench.bareMegabytes = static_cast<double>(std::filesystem::file_size(bare)) / 1e6;

    Result<void> failure;
    const auto keep = [&failure](const auto& result) {
        if (!result && failure) failure = result.error();
    };
    std::int64_t id = 0;
    std::int64_t run = 0;
    {
        const auto reader = StoreReader::open(path);
        if (!reader) return reader.error();
        run = reader->runs()->front().id;
        id = reader->episodeRows(run)->front().id;
    }
    bench.openMilliseconds = millisecondsOf([&] {
        const auto reader = StoreReader::open(path);
        if (!reader) return keep(reader);
        keep(reader->episodeStart(id, 2000));
        keep(reader->verdicts(id));
    });
    const auto search = [&](const std::string& text, std::int64_t* hits) {
        return millisecondsOf([&] {
            const auto reader = StoreReader::open(path);
            if (!reader) return keep(reader);
            const auto found = reader->textHits(run, text);
            keep(found);
            if (found && hits != nullptr && found->byEpisode.contains(id)) *hits = found->byEpisode.at(id);
        });
    };
    bench.rareMilliseconds = search("needle", &bench.rareHits);
    bench.commonMilliseconds = search("hay", nullptr);
    bench.phraseMilliseconds = search("hay sta", nullptr);
    bench.scanMilliseconds = search("->", nullptr);
    const auto reader = StoreReader::open(path);
    if (!reader) return reader.error();
    bench.placesMilliseconds = millisecondsOf([&] { keep(reader->messagesWith(id, "needle")); });
    bench.pageMilliseconds =
        millisecondsOf([&] { keep(reader->messages(id, std::max<std::int64_t>(0, messages - 1000), 500)); });
    if (!failure) return failure.error();
    return bench;
}

} // namespace gradus::store
