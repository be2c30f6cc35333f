// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/keep_episodes.h"

#include "base/text.h"
#include "run/episode_run.h"

namespace gradus::run {

Result<KeptRun> keepEpisodes(const std::filesystem::path& store, const std::string& name,
                             const std::vector<events::EpisodeRecord>& episodes,
                             const std::vector<events::RunEvent>& happened, const KeptAs& as)
{
    const std::string task = visible(as.task.empty() ? taskOf(episodes) : as.task, 120);
    auto run = EpisodeRun::begin(
        store, {.name = name,
                .procedure = as.procedure,
                .task = task,
                .text = describingToml("episodes",
                                       {{"name", visible(name, 120)}, {"procedure", as.procedure}, {"task", task}})});
    if (!run) return run.error();
    for (const events::RunEvent& event : happened)
        run->sink().event(event);
    for (const events::EpisodeRecord& episode : episodes)
        run->episode(episode);
    if (const auto kept = run->end(store::RunState::Finished); !kept) return kept.error();
    return KeptRun{.uuid = run->uuid()};
}

} // namespace gradus::run
