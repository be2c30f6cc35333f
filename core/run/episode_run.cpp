// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/episode_run.h"

#include "base/files.h"
#include "base/text.h"
#include "monitors/record.h"
#include "run/run_origin.h"
#include "spec/toml_tree.h"
#include "store/store_reader.h"

#include <set>
#include <utility>

namespace gradus::run {

namespace {

/// With its folder where there is none.
Result<std::unique_ptr<store::StoreWriter>> openedStore(const std::filesystem::path& store)
{
    if (const auto made = makeFolder(std::filesystem::absolute(store).parent_path()); !made) return made.error();
    return store::StoreWriter::open(store);
}

} // namespace

Result<void> EpisodeRun::checkStore(const std::filesystem::path& store)
{
    const auto writer = openedStore(store);
    if (!writer) return writer.error();
    return {};
}

Result<EpisodeRun> EpisodeRun::begin(const std::filesystem::path& store, const store::OtherRun& run)
{
    auto writer = openedStore(store);
    if (!writer) return writer.error();
    store::OtherRun shown = run;
    for (std::string* text : {&shown.name, &shown.task})
        *text = visible(*text, 120); // an imported log named them
    const auto id = (*writer)->addOther(shown);
    if (!id) return id.error();
    EpisodeRun made(std::move(*writer), *id);
    if (const auto claimed = made.claim(); !claimed) return claimed.error();
    return made;
}

Result<EpisodeRun> EpisodeRun::resume(const std::filesystem::path& store, const std::string& name,
                                      const std::string& procedure)
{
    std::int64_t id = 0;
    std::vector<events::EpisodeRecord> episodes;
    {
        const auto reader = store::StoreReader::open(store);
        if (!reader) return reader.error();
        const auto row = reader->findRun(name);
        if (!row) return row.error();
        const std::string run = "Run " + row->uuid.substr(0, 8);
        if (row->procedure != procedure)
            return badInput(run + " is no run of `gradus " + procedure + "`; continue it with: gradus resume " +
                            row->uuid.substr(0, 8));
        if (row->state == store::RunState::Finished) return badInput(run + " is finished; there is nothing to resume.");
        auto read = reader->episodes(row->id);
        if (!read) return read.error();
        id = row->id;
        episodes = std::move(*read);
    }
    auto writer = store::StoreWriter::open(store);
    if (!writer) return writer.error();
    EpisodeRun made(std::move(*writer), id);
    if (const auto claimed = made.claim(); !claimed) return claimed.error();
    for (const events::EpisodeRecord& episode : episodes)
        if (episode.verdict != monitors::kInterrupted)
            made.m_verdicts[episode.key] = {episode.verdict, episode.note};
        else
            made.sink().event({.kind = "episode.interrupted",
                               .generation = episode.generation,
                               .step = 0,
                               .sentence = "The episode " + visible(episode.key, 200) +
                                           " was interrupted: its program ended before it did. It is repeated.",
                               .detailsJson = {}});
    return made;
}

void EpisodeRun::madeHere(const std::string& device)
{
    sink().event(events::originEvent(originHere(device)));
}

EpisodeRun::~EpisodeRun()
{
    if (m_writer && m_isClaimed) (void)end(store::RunState::Stopped);
}

Result<void> EpisodeRun::claim()
{
    if (const auto claimed = m_writer->claim(m_id); !claimed) return claimed;
    m_isClaimed = true;
    auto point = m_writer->resumePoint(m_id);
    if (!point) return point.error();
    m_uuid = std::move(point->uuid);
    m_text = std::move(point->specToml);
    return {};
}

Result<void> EpisodeRun::end(store::RunState state, const std::string& failure)
{
    m_isClaimed = false;
    m_writer->setState(m_id, state, failure);
    return m_writer->flush();
}

std::string taskOf(const std::vector<events::EpisodeRecord>& episodes)
{
    std::set<std::string> scenarios;
    for (const events::EpisodeRecord& episode : episodes)
        scenarios.insert(episode.scenario.substr(0, episode.scenario.find(" / ")));
    if (scenarios.empty()) return "no episodes";
    return scenarios.size() == 1 ? *scenarios.begin() : counted(scenarios.size(), "scenario");
}

std::string describingToml(const std::string& table, const std::map<std::string, std::string>& facts)
{
    std::string toml = "[" + table + "]\n";
    for (const auto& [key, value] : facts)
        toml += key + " = " + spec::tomlString(value) + "\n";
    return toml;
}

} // namespace gradus::run
