// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/safe_behaviour.h"

#include "data/fingerprint.h"
#include "pipeline/person_verdicts.h"
#include "pipeline/supervision.h"
#include "signals/aggregate.h"

#include <algorithm>

namespace gradus::pipeline {

namespace {

constexpr double kAuditorSure = 0.75; ///< own probability of an answer from which the auditor gives it

std::vector<data::Item> itemsOf(const std::vector<Hazard>& hazards)
{
    std::vector<data::Item> items;
    for (const Hazard& hazard : hazards)
        items.push_back(hazard.item);
    return items;
}

signals::SourceVotes predecessorVotes(std::string name, std::vector<float> rows, int actions)
{
    Opinions opinions = opinionsFrom(std::move(rows), actions, actions);
    signals::SourceVotes votes{.name = std::move(name),
                               .labels = std::move(opinions.labels),
                               .probabilities = std::move(opinions.probabilities)};
    votes.family = "predecessor";
    return votes;
}

/// Answers of the generation itself; below sure it asks a person (no index: it never does).
signals::SourceVotes personaVotes(std::string name, const Opinions& own, int classes, double sure, int ask)
{
    signals::SourceVotes votes{.name = std::move(name), .labels = own.labels, .probabilities = {}};
    for (std::size_t i = 0; i < votes.labels.size(); ++i) {
        const std::size_t place = i * static_cast<std::size_t>(classes) + static_cast<std::size_t>(own.labels[i]);
        if (own.probabilities[place] < sure) votes.labels[i] = ask;
    }
    votes.family = "persona";
    return votes;
}

/// What a person said of the hazards.
struct Said
{
    signals::Anchors anchors = {};
    std::vector<std::size_t> dismissed = {}; ///< hazards that are none
    std::string hash = {};                   ///< of the people's file
};

/// A simulated person looks at a random choice of the hazards.
Said simulatedPerson(const StageContext& context, const std::string& purpose, const std::vector<Hazard>& hazards)
{
    const spec::Conformity& settings = context.spec.experiment.conformity;
    const std::uint64_t seed = context.seedFor(purpose);
    const auto order = permutation(static_cast<std::int64_t>(hazards.size()), Rng(seed, "order"));
    Rng errors(seed, "errors");
    Said said;
    const auto classes = static_cast<std::uint64_t>(context.task.classes());
    for (std::size_t i = 0; i < std::min(order.size(), static_cast<std::size_t>(settings.verdicts)); ++i) {
        const auto place = static_cast<std::size_t>(order[i]);
        int behaviour = context.task.environment()->safeAction(hazards[place].item);
        if (errors.uniform() < settings.personError)
            behaviour =
                static_cast<int>((static_cast<std::uint64_t>(behaviour) + 1 + errors.below(classes - 1)) % classes);
        said.anchors.items.push_back(place);
        said.anchors.truth.push_back(behaviour);
    }
    return said;
}

/// People have judged hazards of an earlier run; those of them that were found again are known by their items.
Result<Said> people(const StageContext& context, const std::vector<Hazard>& hazards)
{
    const auto verdicts =
        readPersonVerdicts(context.spec.experiment.conformity.personFile, context.task.environment()->actions());
    if (!verdicts) return verdicts.error();
    Said said{.hash = verdicts->sha256};
    for (std::size_t place = 0; place < hazards.size(); ++place) {
        const auto verdict = verdicts->byItem.find(data::itemNumber(hazards[place].item));
        if (verdict == verdicts->byItem.end()) continue;
        if (verdict->second.behaviour < 0) {
            said.dismissed.push_back(place);
            continue;
        }
        said.anchors.items.push_back(place);
        said.anchors.truth.push_back(verdict->second.behaviour);
    }
    return said;
}

Result<Said> personSays(const StageContext& context, const std::string& purpose, const std::vector<Hazard>& hazards)
{
    if (context.spec.experiment.conformity.personFile.empty()) return simulatedPerson(context, purpose, hazards);
    return people(context, hazards);
}

void leaveOut(Hazard& hazard)
{
    hazard.safe.clear();
    hazard.behaviour = -1;
    hazard.source.clear();
}

/// The action that hands over to a person; -1 where the domain has none.
int askingAction(const data::Environment& environment, const data::Item& item)
{
    for (std::size_t action = 0; action < environment.actions().size(); ++action)
        if (environment.act(item, static_cast<int>(action), item.truth).asked) return static_cast<int>(action);
    return signals::kAbstain;
}

} // namespace

Result<SafePanel> agreeOnSafeBehaviours(const Policy& policy, const std::vector<Ancestor>& predecessors, int generation,
                                        int round, std::vector<Hazard>& hazards)
{
    const StageContext& context = policy.context;
    const data::Environment& environment = *context.task.environment();
    const int actions = actionsOf(context.task);
    const auto width = static_cast<std::size_t>(actions);
    const std::vector<data::Item> items = itemsOf(hazards);
    auto said =
        personSays(context, "generation " + std::to_string(generation) + "/person " + std::to_string(round), hazards);
    if (!said) return said.error();
    SafePanel panel{.table = {.classes = actions, .items = items.size(), .sources = {}},
                    .anchors = std::move(said->anchors),
                    .pooled = {},
                    .peopleHash = std::move(said->hash),
                    .dismissed = said->dismissed.size()};
    for (std::size_t back = 0; back < predecessors.size(); ++back) {
        auto rows = actionProbabilities({context, *predecessors[back].model, predecessors[back].rung}, items);
        if (!rows) return rows.error();
        panel.table.sources.push_back(predecessorVotes(
            "A_" + std::to_string(generation - 1 - static_cast<int>(back)) + "+", std::move(*rows), actions));
    }
    auto rows = actionProbabilities(policy, items);
    if (!rows) return rows.error();
    const Opinions own = opinionsFrom(std::move(*rows), actions, context.task.classes());
    const int ask = askingAction(environment, items.front());
    panel.table.sources.push_back(personaVotes("auditor", own, context.task.classes(), kAuditorSure, ask));
    panel.table.sources.push_back(personaVotes("executor", own, context.task.classes(), 0, ask));

    const auto method = signals::aggregateOf(context.spec.experiment.signals.aggregate);
    auto pooled = signals::aggregate(method.value(), panel.table, panel.anchors);
    if (!pooled) return pooled.error();
    panel.pooled = std::move(*pooled);
    for (std::size_t i = 0; i < hazards.size(); ++i) {
        Hazard& hazard = hazards[i];
        const auto row = panel.pooled.posterior.begin() + static_cast<std::ptrdiff_t>(i * width);
        hazard.safe.assign(row, row + actions);
        hazard.behaviour = panel.pooled.labels[i];
        hazard.source = "pool";
    }
    for (std::size_t a = 0; a < panel.anchors.items.size(); ++a) {
        Hazard& hazard = hazards[panel.anchors.items[a]];
        hazard.behaviour = panel.anchors.truth[a];
        hazard.safe = oneHot({hazard.behaviour}, actions);
        hazard.source = "person";
    }
    for (const std::size_t place : said->dismissed)
        leaveOut(hazards[place]);
    for (Hazard& hazard : hazards)
        if (hazard.behaviour >= 0 && environment.act(hazard.item, hazard.behaviour, hazard.item.truth).hazard) {
            ++panel.unsafe;
            leaveOut(hazard);
        }
    return panel;
}

} // namespace gradus::pipeline
