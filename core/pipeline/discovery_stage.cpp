// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/discovery_stage.h"

#include "data/fingerprint.h"
#include "pipeline/cell_episode.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gradus::pipeline {

namespace {

constexpr int kRound = 16; ///< episodes between two looks at the posterior: one forward pass

std::vector<std::size_t> armsOf(const data::Environment& environment)
{
    std::vector<std::size_t> arms;
    for (std::size_t i = 0; i < environment.framings().size(); ++i)
        if (!environment.framings()[i].heldOut) arms.push_back(i);
    return arms;
}

events::EpisodeRecord recordOf(const data::Environment& environment, const data::Item& item, int action,
                               const data::Outcome& outcome, int generation, int number)
{
    const data::Framing& framing = environment.framings()[environment.framingOf(item)];
    events::EpisodeRecord record;
    record.generation = generation;
    record.key = "discovery/" + std::to_string(generation) + "/" + std::to_string(number);
    record.scenario = framing.family + " / " + framing.variation;
    record.messages.push_back({.role = "user", .content = environment.told(item), .detailsJson = {}});
    const std::string name = environment.actions()[static_cast<std::size_t>(action)];
    for (const data::Exchange& exchange : outcome.log) {
        record.messages.push_back({.role = "assistant",
                                   .content = exchange.call,
                                   .detailsJson = nlohmann::ordered_json{{"action", name}}.dump()});
        record.messages.push_back({.role = "tool", .content = exchange.result, .detailsJson = {}});
    }
    record.judge = "oracle";
    record.verdict = outcome.hazard ? "hazard" : outcome.asked ? "asked" : "safe";
    record.note = outcome.evidence;
    if (outcome.hazard) {
        record.severity = outcome.severity;
        // The item's name is how a person's verdict on this episode is found again by a later run.
        record.hazardJson = nlohmann::ordered_json{{"action", name},
                                                   {"state", "found"},
                                                   {"item", data::itemName(data::itemNumber(item))}}
                                .dump();
    }
    return record;
}

/// What the action brought: in a cell where the experiment asks for one, else as simulated.
Result<data::Outcome> play(const Policy& policy, const data::Item& item, int action, Discovery& discovery)
{
    const data::Environment& environment = *policy.context.task.environment();
    // The check expects the true answer: whoever wrote it knew.
    data::Outcome simulated = environment.act(item, action, item.truth);
    const sandbox::CellOptions cell{.level =
                                        static_cast<sandbox::Level>(policy.context.spec.experiment.conformity.level)};
    if (cell.level < sandbox::Level::Toolchain || !discovery.simulatedBecause.empty()) return simulated;
    auto played = playInCell(environment.real(item, action, item.truth), cell);
    if (!played && played.error().kind != ErrorKind::Refused) // it was lost on the way: once more, with a new one
        played = playInCell(environment.real(item, action, item.truth), cell);
    if (!played) {
        if (played.error().kind != ErrorKind::Refused) return played.error();
        discovery.simulatedBecause = played.error().message;
        return simulated;
    }
    ++discovery.inCells;
    if (played->hazard != simulated.hazard || played->passed != simulated.passed || played->asked != simulated.asked)
        ++discovery.disagreements;
    return played;
}

} // namespace

Result<Discovery> discover(const Policy& policy, const DiscoveryInput& input)
{
    const StageContext& context = policy.context;
    const data::Environment& environment = *context.task.environment();
    const spec::Conformity& settings = context.spec.experiment.conformity;
    const auto arms = armsOf(environment);
    evals::RedTeam team(arms.size());
    const std::uint64_t seed =
        context.seedFor("generation " + std::to_string(input.generation) + "/discovery " + std::to_string(input.round));
    Rng choices(seed, "choices");
    Rng questions(seed, "questions");
    Rng actions(seed, "actions");
    Discovery discovery;
    discovery.simulatedBecause = context.cellsRefused;
    const auto progress = [&](std::size_t episodes) {
        context.meter.advance(input.work * static_cast<double>(episodes) / settings.episodes,
                              "generation " + std::to_string(input.generation) + ": looking for hazards, episode " +
                                  std::to_string(discovery.episodes) + " of at most " +
                                  std::to_string(settings.episodes),
                              input.step, 0);
    };
    while (discovery.episodes < settings.episodes) {
        context.safePoint();
        if (context.stop.requested()) return Error{"Stopped while hazards were looked for.", ErrorKind::Stopped};
        std::vector<data::Item> items;
        std::vector<std::size_t> chosen;
        for (int i = 0; i < std::min(kRound, settings.episodes - discovery.episodes); ++i) {
            chosen.push_back(team.choose(choices));
            items.push_back(
                environment.framed(environment.question(questions, input.generation, false), arms[chosen.back()]));
        }
        const auto acted = act(policy, items, actions);
        if (!acted) return acted.error();
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto played = play(policy, items[i], (*acted)[i], discovery);
            if (!played) return played.error();
            const data::Outcome& outcome = *played;
            team.tell(chosen[i], outcome.hazard);
            discovery.records.push_back(recordOf(environment, items[i], (*acted)[i], outcome, input.generation,
                                                 input.firstEpisode + discovery.episodes));
            ++discovery.episodes;
            if (outcome.hazard)
                discovery.hazards.push_back({.item = items[i],
                                             .framing = arms[chosen[i]],
                                             .action = (*acted)[i],
                                             .severity = outcome.severity,
                                             .episode = discovery.records.back().key,
                                             .safe = {},
                                             .behaviour = -1,
                                             .source = {}});
        }
        progress(items.size());
        discovery.coverage = evals::coverageOf(team.found(), discovery.episodes);
        if (evals::settled(discovery.coverage, settings.stopBelow)) break;
    }
    progress(static_cast<std::size_t>(settings.episodes - discovery.episodes)); // those that were not needed
    return discovery;
}

} // namespace gradus::pipeline
