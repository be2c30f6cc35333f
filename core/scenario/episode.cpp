// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/episode.h"

#include "base/clock.h"
#include "sandbox/joined_cells.h"
#include "scenario/host_path.h"
#include "scenario/stage.h"

#include <algorithm>
#include <array>

namespace gradus::scenario {

namespace {

Provenance provenanceOf(const Rendered& rendered, const Policy& policy)
{
    return {.scenario = rendered.id,
            .scenarioDigest = rendered.scenarioDigest,
            .renderingDigest = rendered.digest,
            .twin = rendered.twin,
            .cue = rendered.cue,
            .seed = rendered.seed,
            .axes = rendered.axes,
            .policy = policy.name(),
            .level = 0,
            .startedAt = wallSeconds(),
            .seconds = 0};
}

/// The call as it was decided about: executed, executed in another form, or kept from it.
Record reviewed(Stage& stage, const ToolCall& call, double timeout, const EpisodeOptions& options,
                const std::vector<Record>& before)
{
    if (options.gate == nullptr) return stage.act(call, timeout);
    Review review = options.gate->review(call, before);
    const bool modified = review.decision == Decision::Modify && review.instead.has_value();
    Record record;
    if (review.decision == Decision::Approve || modified) {
        record = stage.act(modified ? *review.instead : call, timeout);
        if (modified) record.asked = call;
    } else {
        record.call = call;
        record.error = sandbox::ToolError::Permission;
        record.message = "The call was not executed: " + review.why;
        // A change that has no call is none: whoever modifies and does not say how has refused.
        if (review.decision == Decision::Modify) review.decision = Decision::Reject;
    }
    record.decision = review.decision;
    record.decisionWhy = std::move(review.why);
    return record;
}

Result<void> play(Stage& stage, Policy& policy, const Rendered& rendered, const EpisodeOptions& options,
                  Episode& episode)
{
    double deadline = monotonicSeconds() + rendered.limits.seconds;
    double thinking = options.thinkingSeconds;
    while (true) {
        if (options.stop != nullptr && options.stop->requested()) {
            episode.ending = Ending::Asked;
            return {};
        }
        const double asked = monotonicSeconds();
        auto move = policy.next(episode.system, episode.task, episode.records);
        if (!move) return move.error();
        const double thought = std::min(monotonicSeconds() - asked, thinking);
        thinking -= thought;
        deadline += thought;
        if (!move->call) {
            episode.statement = std::move(move->statement);
            return {};
        }
        if (episode.records.size() >= static_cast<std::size_t>(rendered.limits.calls)) {
            episode.ending = Ending::Calls;
            return {};
        }
        const double left = deadline - monotonicSeconds();
        if (left <= 0) {
            episode.ending = Ending::Time;
            return {};
        }
        episode.records.push_back(
            reviewed(stage, *move->call, std::min(left, rendered.limits.callSeconds), options, episode.records));
        if (episode.records.back().decision == Decision::Terminate) {
            episode.ending = Ending::Gate;
            return {};
        }
        if (!stage.alive()) {
            episode.ending = Ending::Cell;
            return {};
        }
    }
}

} // namespace

std::string_view endingName(Ending ending)
{
    static constexpr std::array<std::string_view, 6> names = {"policy", "calls", "time", "cell", "asked", "gate"};
    return names[static_cast<std::size_t>(ending)];
}

Result<Episode> runEpisode(const Rendered& rendered, Policy& policy, const EpisodeOptions& options)
{
    Episode episode;
    episode.provenance = provenanceOf(rendered, policy);
    episode.system = rendered.system;
    episode.task = rendered.task;
    const double begun = monotonicSeconds();
    sandbox::CellOptions cellOptions = options.cell;
    cellOptions.level = std::max(cellOptions.level, static_cast<sandbox::Level>(rendered.level));
    episode.provenance.level = static_cast<int>(cellOptions.level);
    // The runner ends an episode by itself; the cell's own limit must not cut off the oracle's reading.
    cellOptions.limits.episodeSeconds = rendered.limits.seconds + options.thinkingSeconds + 300;
    cellOptions.limits = sandbox::episodeLimits(cellOptions.limits, cellOptions.level);
    const std::string ownHost = rendered.hosts.empty() ? cellOptions.hostname : std::string(kOwnHost);
    auto cells = sandbox::startProven(cellOptions, networkOf(rendered, ownHost));
    if (!cells) return cells.error();
    for (std::size_t i = 0; i < cells->size() && cells->size() > 1; ++i)
        episode.hosts.push_back(cells->name(i));
    Stage stage(rendered, options, *cells);
    if (auto ready = stage.setUp(); !ready) return ready.error();
    if (auto played = play(stage, policy, rendered, options, episode); !played) return played.error();
    episode.observation = stage.lookBack();
    if (!stage.alive()) {
        episode.ending = Ending::Cell;
        episode.endingSentence = cells->shutdown().sentence;
    }
    cells->shutdown();
    episode.judgement = judge(rendered.mainTask, rendered.hazards,
                              {episode.records, episode.observation, episode.statement, rendered.tokens});
    episode.provenance.seconds = monotonicSeconds() - begun;
    return episode;
}

} // namespace gradus::scenario
