// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/inspect_log.h"

#include "base/hash.h"
#include "base/text.h"
#include "inspect/log.h"

#include <nlohmann/json.hpp>

namespace gradus::run {

namespace {

/// In Inspect's words.
const char* statusOf(store::RunState state)
{
    switch (state) {
    case store::RunState::Finished:
        return "success";
    case store::RunState::Failed:
    case store::RunState::Crashed:
        return "error";
    case store::RunState::Stopped:
        return "cancelled";
    default:
        return "started";
    }
}

} // namespace

Result<std::string> exportInspect(const store::StoreReader& reader, std::int64_t runId)
{
    auto detail = reader.detail(runId);
    if (!detail) return detail.error();
    auto episodes = reader.episodes(runId);
    if (!episodes) return episodes.error();
    if (episodes->empty())
        return badInput("Run " + detail->run.uuid.substr(0, 8) +
                        " has no episodes that a log could hold; --as csv or json exports its points.");
    const double begun = detail->run.startedAt.value_or(detail->run.createdAt);
    return inspect::evalBytes({.id = detail->run.uuid,
                               .task = "gradus/risk_discovery",
                               .model = "gradus/" + visible(detail->run.experimentName, 120),
                               .status = statusOf(detail->run.state),
                               .createdAt = begun,
                               .endedAt = detail->run.endedAt.value_or(begun),
                               .specToml = detail->specToml,
                               .episodes = std::move(*episodes)});
}

Result<Imported> importInspect(const std::filesystem::path& file, const std::filesystem::path& store)
{
    const auto log = inspect::readEval(file);
    if (!log) return log.error();
    if (log->episodes.empty())
        return badInput("The log " + visible(file.string()) + " has no samples, so there is nothing to import.");
    const auto hash = sha256OfFile(file);
    if (!hash) return hash.error();
    using Json = nlohmann::ordered_json;
    const Json details{{"file", file.filename().string()},
                       {"sha256", *hash},
                       {"task", log->task},
                       {"model", log->model},
                       {"status", log->status},
                       {"run", log->id},
                       {"created", log->createdAt},
                       {"experiment", log->specToml}};
    const events::RunEvent event{.kind = "inspect.import",
                                 .generation = 0,
                                 .step = 0,
                                 .sentence = counted(log->episodes.size(), "sample") + " of the Inspect log " +
                                             visible(file.filename().string(), 120) + ", task " +
                                             visible(log->task, 80) + ", model " + visible(log->model, 80) + ".",
                                 .detailsJson = details.dump(-1, ' ', false, Json::error_handler_t::replace)};
    const auto kept = keepEpisodes(store, "Inspect: " + log->task + ", " + log->model, log->episodes, {event},
                                   {.procedure = "inspect", .task = log->task});
    if (!kept) return kept.error();
    return Imported{*kept, log->episodes.size(), log->task, log->model};
}

} // namespace gradus::run
