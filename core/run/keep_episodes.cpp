// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/keep_episodes.h"

#include "base/files.h"
#include "base/text.h"
#include "store/store_writer.h"

namespace gradus::run {

Result<KeptRun> keepEpisodes(const std::filesystem::path& store, const std::string& name,
                             const std::vector<events::EpisodeRecord>& episodes,
                             const std::vector<events::RunEvent>& happened)
{
    // The rest of the experiment is the defaults': nothing of it was run, and the name says what it is.
    auto experiment = spec::parseExperiment("[experiment]\nname = \"episodes\"\n", "an experiment of ours");
    if (!experiment) return experiment.error();
    experiment->experiment.name = visible(name, 120);
    const auto runs = spec::expand(*experiment);
    if (!runs) return runs.error();
    if (const auto made = makeFolder(std::filesystem::absolute(store).parent_path()); !made) return made.error();
    auto writer = store::StoreWriter::open(store);
    if (!writer) return writer.error();
    const auto ids = (*writer)->addRuns(*experiment, spec::canonicalToml(*experiment), *runs);
    if (!ids) return ids.error();
    const std::int64_t id = ids->front();
    if (const auto claimed = (*writer)->claim(id); !claimed) return claimed.error();
    for (const events::RunEvent& event : happened)
        (*writer)->sink(id).event(event);
    for (const events::EpisodeRecord& episode : episodes)
        (*writer)->sink(id).episode(episode);
    (*writer)->setState(id, store::RunState::Finished);
    if (const auto kept = (*writer)->flush(); !kept) return kept.error();
    const auto point = (*writer)->resumePoint(id);
    if (!point) return point.error();
    return KeptRun{id, point->uuid};
}

} // namespace gradus::run
