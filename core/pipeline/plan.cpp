// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/plan.h"

#include "controller/gap_controller.h"
#include "pipeline/competence_stage.h"
#include "pipeline/run_items.h"

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

} // namespace

std::string conformityAbsence(const spec::Experiment& experiment, const data::Task& task)
{
    if (task.environment() == nullptr) return "no sandboxed domain configured";
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

double plannedWork(const spec::Experiment& experiment, const data::Task& task, const Ladder& ladder)
{
    double work = 0;
    const bool conforms = conformityAbsence(experiment, task).empty();
    for (const PlannedGeneration& planned : planGenerations(experiment, ladder.capacities())) {
        const int labels = labelsFor(experiment.training, planned.generation);
        const std::size_t items =
            labels > 0 ? static_cast<std::size_t>(labels) : task.pool(planned.generation, 0, 1).items.size();
        const double once =
            tuningWork(ladder.at(planned.rung), tuningSteps(experiment.training, items), experiment.training.batch);
        work += planned.generation == 1 ? once : 2 * once; // a student and its ceiling
        if (conforms) work += discoveryWork(experiment) + alignmentWork(experiment, ladder.at(planned.rung));
    }
    return work;
}

} // namespace gradus::pipeline
