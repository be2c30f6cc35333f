// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/episode_runs.h"

#include "store/opening.h"

namespace gradus::store {

Result<std::vector<RunName>> runsOfEpisodes(const std::filesystem::path& path,
                                            const std::vector<std::int64_t>& episodes)
{
    auto database = openForReading(path);
    if (!database) return database.error();
    auto query =
        database->prepare("SELECT run.uuid, CASE run.condition WHEN '' THEN experiment.name ELSE run.condition "
                          "END, run.seed FROM episode JOIN run ON run.id = episode.run_id "
                          "JOIN experiment ON experiment.id = run.experiment_id WHERE episode.id = ?1");
    if (!query) return query.error();
    std::vector<RunName> runs;
    for (const std::int64_t episode : episodes) {
        const auto found = query->bind(episode).step();
        if (!found) return found.error();
        if (!*found) return badInput("There is no episode " + std::to_string(episode) + " in this store.");
        runs.push_back({query->text(0).substr(0, 8), query->text(1), query->integer(2)});
    }
    return runs;
}

} // namespace gradus::store
