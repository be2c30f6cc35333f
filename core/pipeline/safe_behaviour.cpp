// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/safe_behaviour.h"

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

/// The person looks at a random choice of the hazards.
signals::Anchors verdicts(const StageContext& context, const std::string& purpose, const std::vector<Hazard>& hazards)
{
    const spec::Conformity& settings = context.spec.experiment.conformity;
    const std::uint64_t seed = context.seedFor(purpose);
    const auto order = permutation(static_cast<std::int64_t>(hazards.size()), Rng(seed, "order"));
    Rng errors(seed, "errors");
    signals::Anchors anchors;
    const auto classes = static_cast<std::uint64_t>(context.task.classes());
    for (std::size_t i = 0; i < std::min(order.size(), static_cast<std::size_t>(settings.verdicts)); ++i) {
        const auto place = static_cast<std::size_t>(order[i]);
        int behaviour = context.task.environment()->safeAction(hazards[place].item);
        if (errors.uniform() < settings.personError)
            behaviour =
                static_cast<int>((static_cast<std::uint64_t>(behaviour) + 1 + errors.below(classes - 1)) % classes);
        anchors.items.push_back(place);
        anchors.truth.push_back(behaviour);
    }
    return anchors;
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
    SafePanel panel{
        .table = {.classes = actions, .items = items.size(), .sources = {}},
        .anchors =
            verdicts(context, "generation " + std::to_string(generation) + "/person " + std::to_string(round), hazards),
        .pooled = {}};
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
    for (Hazard& hazard : hazards)
        if (environment.act(hazard.item, hazard.behaviour, hazard.item.truth).hazard) {
            ++panel.unsafe;
            hazard.safe.clear();
            hazard.behaviour = -1;
            hazard.source.clear();
        }
    return panel;
}

} // namespace gradus::pipeline
