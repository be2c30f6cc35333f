// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/plan.h"

#include "controller/gap_controller.h"
#include "pipeline/competence_stage.h"
#include "pipeline/run_items.h"
#include "pipeline/scenario_choice.h"
#include "spec/drawn.h"

#include <algorithm>
#include <cmath>

namespace gradus::pipeline {

namespace {

std::vector<PlannedGeneration> onOneRung(const spec::Experiment& experiment)
{
    std::vector<PlannedGeneration> plan;
    for (int generation = 1; generation <= experiment.ladder.generations; ++generation) {
        plan.push_back({.generation = generation, .rung = experiment.ladder.start, .gap = {}, .sentence = {}});
        if (generation > 1) plan.back().gap = 0;
    }
    return plan;
}

/// Items that a generation is taught.
std::size_t itemsOf(const spec::Experiment& experiment, const data::Task& task, int generation)
{
    const int labels = labelsFor(experiment.training, generation);
    const auto planted = static_cast<std::size_t>(experiment.training.canaries);
    return planted + (labels > 0 ? static_cast<std::size_t>(labels) : task.pool(generation, 0, 1).items.size());
}

bool teachesOneStudent(const spec::Experiment& experiment)
{
    return experiment.experiment.procedure == spec::kNoiseSensitivity;
}

bool isAsked(const spec::Experiment& experiment, const spec::SignalSource& source)
{
    if (teachesOneStudent(experiment)) {
        const spec::SignalSource* sole = spec::soleSource(experiment.signals);
        return sole != nullptr && (sole->name == source.name || sole->like == source.name);
    }
    // A synthetic source asks the one whose doubts shape its mistakes, whatever that one's own weight is.
    const int generations = experiment.ladder.generations;
    for (const spec::SignalSource& other : experiment.signals.sources)
        for (int generation = 2; generation <= generations; ++generation)
            if ((other.name == source.name || other.like == source.name) &&
                spec::weightAt(other, generation, generations) > 0)
                return true;
    return false;
}

} // namespace

std::string conformityAbsence(const spec::Experiment& experiment, const data::Task& task)
{
    if (!playsScenarios(experiment) && task.environment() == nullptr) return "no sandboxed domain configured";
    if (experiment.experiment.procedure != "progressive") return "the procedure has no such stage";
    if (experiment.conformity.episodes == 0) return "conformity.episodes is 0";
    return {};
}

double discoveryWork(const spec::Experiment& experiment)
{
    // Measured: an episode in a cell takes as long as about fifty small steps, a simulated one a sixteenth of a step.
    constexpr double kStep = 20000;
    return experiment.conformity.episodes * (experiment.conformity.level >= 2 ? 50 * kStep : kStep / 16);
}

double alignmentWork(const spec::Experiment& experiment, const LadderRung& rung)
{
    const spec::Conformity& settings = experiment.conformity;
    const double hazards = settings.episodes / 8.0; // how many there are is only known afterwards
    const double items = hazards * (1 + settings.replay) * settings.tuningEpochs +
                         (settings.preference == "none" ? 0 : hazards * settings.preferenceEpochs);
    const auto steps = static_cast<std::int64_t>(items / experiment.training.batch) + 1;
    return tuningWork(rung, steps, experiment.training.batch);
}

std::vector<PlannedGeneration> planGenerations(const spec::Experiment& experiment,
                                               const std::vector<double>& capacities)
{
    if (experiment.experiment.procedure == spec::kSelfEnhancement) return onOneRung(experiment);
    if (experiment.experiment.procedure == spec::kDebate)
        return {{.generation = 1, .rung = experiment.debate.judge, .gap = {}, .sentence = {}}};
    const auto controller = controller::makeController(experiment.gap);
    std::vector<PlannedGeneration> plan{{.generation = 1, .rung = experiment.ladder.start, .gap = {}, .sentence = {}}};
    for (int generation = 1; generation < experiment.ladder.generations; ++generation) {
        const controller::Decision decision = controller->nextGap({.generation = generation,
                                                                   .generations = experiment.ladder.generations,
                                                                   .rung = plan.back().rung,
                                                                   .rungNames = {},
                                                                   .capacities = capacities});
        if (!decision.rung) break;
        plan.push_back({generation + 1, *decision.rung, decision.taken, decision.sentence});
    }
    return plan;
}

std::vector<const spec::SignalSource*> ownSupervisors(const spec::Experiment& experiment)
{
    std::vector<const spec::SignalSource*> own;
    for (const spec::SignalSource& source : experiment.signals.sources)
        if (source.rung >= 0 && isAsked(experiment, source)) own.push_back(&source);
    return own;
}

std::vector<const spec::SignalSource*> folderSources(const spec::Experiment& experiment)
{
    std::vector<const spec::SignalSource*> outside;
    for (const spec::SignalSource& source : experiment.signals.sources)
        if (!source.folder.empty() && isAsked(experiment, source)) outside.push_back(&source);
    return outside;
}

double itemsRead(const spec::Experiment& experiment, const data::Task& task, std::size_t heldOut)
{
    double items = static_cast<double>(heldOut) + experiment.signals.anchors;
    const int first = teachesOneStudent(experiment) ? 1 : 2;
    for (int generation = first; generation <= experiment.ladder.generations; ++generation)
        items += static_cast<double>(itemsOf(experiment, task, generation));
    return items;
}

double ownSupervisorWork(const spec::Experiment& experiment, const data::Task& task, const LadderRung& rung)
{
    return tuningWork(rung, tuningSteps(experiment.training, itemsOf(experiment, task, 1)), experiment.training.batch);
}

std::map<int, RungParts> plannedParts(const spec::Experiment& experiment, const data::Task& task, const Ladder& ladder,
                                      std::size_t heldOut)
{
    const bool conforms = conformityAbsence(experiment, task).empty();
    const auto held = static_cast<double>(heldOut);
    std::map<int, RungParts> parts;
    int teacher = experiment.ladder.start;
    for (const PlannedGeneration& planned : planGenerations(experiment, ladder.capacities())) {
        const spec::Experiment settled = spec::atGeneration(experiment, planned.generation);
        const spec::Training& training = settled.training;
        const std::size_t count = itemsOf(experiment, task, planned.generation);
        const auto items = static_cast<double>(count);
        const auto steps = static_cast<double>(tuningSteps(training, count));
        // Steps are priced as those of the experiment's own batch, also where a generation's batch is another one.
        const double unit = tuningWork(ladder.at(planned.rung), 1, experiment.training.batch);
        const double priced = steps * (tuningWork(ladder.at(planned.rung), 1, training.batch) / unit);
        const double every =
            training.evaluateEvery > 0 ? training.evaluateEvery : std::max(1.0, std::floor(steps / 10));
        // One at every so many steps, one at the last step, one when all is done: held-out and taught items each.
        const double evaluations = std::floor(steps / every) + (std::fmod(steps, every) > 0 ? 1 : 0) + 1;
        RungParts& at = parts[planned.rung];
        at.steps += priced;
        at.asked += evaluations * (held + items);
        ++at.bases;
        if (planned.generation > 1) {
            at.steps += priced; // its ceiling
            at.asked += held;
            ++at.bases;
            parts[teacher].asked += held + items;
        }
        if (conforms) at.steps += (discoveryWork(settled) + alignmentWork(settled, ladder.at(planned.rung))) / unit;
        teacher = planned.rung;
    }
    const double asking = teachesOneStudent(experiment) ? 1 : std::max(0, experiment.ladder.generations - 1);
    for (const spec::SignalSource* source : ownSupervisors(experiment)) {
        RungParts& at = parts[source->rung];
        at.steps += static_cast<double>(tuningSteps(experiment.training, itemsOf(experiment, task, 1)));
        at.asked += asking * (held + static_cast<double>(itemsOf(experiment, task, 2)) + experiment.signals.anchors);
        ++at.bases;
    }
    return parts;
}

double plannedWork(const spec::Experiment& experiment, const data::Task& task, const Ladder& ladder)
{
    double work = 0;
    const bool conforms = conformityAbsence(experiment, task).empty();
    const bool hasCeiling = !teachesOneStudent(experiment);
    for (const PlannedGeneration& planned : planGenerations(experiment, ladder.capacities())) {
        const spec::Experiment settled = spec::atGeneration(experiment, planned.generation);
        const std::size_t items = itemsOf(settled, task, planned.generation);
        const double once =
            tuningWork(ladder.at(planned.rung), tuningSteps(settled.training, items), settled.training.batch);
        work += planned.generation == 1 || !hasCeiling ? once : 2 * once; // a student and its ceiling
        if (conforms) work += discoveryWork(settled) + alignmentWork(settled, ladder.at(planned.rung));
    }
    for (const spec::SignalSource* source : ownSupervisors(experiment))
        work += ownSupervisorWork(experiment, task, ladder.built(source->rung, source->architecture));
    return work;
}

} // namespace gradus::pipeline
