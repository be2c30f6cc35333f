// SPDX-License-Identifier: GPL-3.0-or-later
// A store of somebody else with bytes changed: everything that a reader gives is rows or a sentence, and no check of it
// takes long. The input is the changes.
#include "fuzz.h"

#include "small_store.h"
#include "store/store_check.h"
#include "store/store_reader.h"

using namespace gradus;
using namespace gradus::store;

namespace {

constexpr std::size_t kMostRuns = 8; ///< a damaged store may list one run without end

/// Damage is nobody's input; only the sentence counts.
template <typename T>
bool isGiven(const Result<T>& result)
{
    if (!result) fuzz::expectSentence(result.error());
    return result.ok();
}

void readEpisodes(const StoreReader& reader, std::int64_t run)
{
    isGiven(reader.episodes(run));
    const auto rows = reader.episodeRows(run);
    if (!isGiven(rows)) return;
    for (std::size_t i = 0; i < std::min(rows->size(), kMostRuns); ++i) {
        const std::int64_t id = (*rows)[i].id;
        isGiven(reader.episode(id));
        isGiven(reader.episodeStart(id, 2));
        isGiven(reader.messages(id, 0, 10));
        isGiven(reader.messagesWith(id, "check"));
        isGiven(reader.verdicts(id));
        isGiven(reader.verdictChanges(id));
    }
}

void readRun(const StoreReader& reader, std::int64_t run)
{
    isGiven(reader.detail(run));
    isGiven(reader.sourceToml(run));
    PointCursor cursor;
    isGiven(reader.pointsSince(run, cursor));
    isGiven(reader.series(run, "train/loss"));
    const auto buckets = reader.buckets(run, "train/loss", 0, 1000, 10);
    if (isGiven(buckets))
        for (const Bucket& bucket : *buckets)
            fuzz::expect(bucket.firstStep <= 1000 && bucket.lastStep >= 0, "a bucket lies where it was asked for");
    isGiven(reader.votes(run, 2));
    isGiven(reader.textHits(run, "check"));
    isGiven(reader.personVerdicts(run));
    isGiven(reader.preferences(run));
    readEpisodes(reader, run);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto path = fuzz::written("changed.db", fuzz::patched(fuzz::smallStore(), fuzz::textOf(data, size)));
    const auto reader = StoreReader::open(path);
    if (isGiven(reader)) {
        isGiven(reader->dataVersion());
        isGiven(reader->queue());
        isGiven(reader->episodeCounts());
        const auto runs = reader->runs();
        if (isGiven(runs))
            for (std::size_t i = 0; i < std::min(runs->size(), kMostRuns); ++i)
                readRun(*reader, (*runs)[i].id);
    }
    const auto report = checkStore(path);
    if (isGiven(report))
        for (const std::string& damage : report->damage)
            fuzz::expectSentence(failed(damage));
    return 0;
}
