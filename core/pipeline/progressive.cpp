// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/progressive.h"

#include "base/hash.h"
#include "controller/gap_controller.h"
#include "pipeline/baseline.h"
#include "pipeline/competence_stage.h"

#include <algorithm>

namespace gradus::pipeline {

namespace {

constexpr const char* kNoSandbox = "no sandboxed domain configured";

const events::GenerationRecord* finishedRecord(const std::vector<events::GenerationRecord>& finished, int generation)
{
    const auto found = std::find_if(finished.begin(), finished.end(), [&](const events::GenerationRecord& record) {
        return record.generation == generation && !record.checkpointHash.empty() && record.lastStep;
    });
    return found == finished.end() ? nullptr : &*found;
}

/// The weights of a generation that an earlier process finished, if they still are what was recorded.
std::optional<engine::TunedModel> weightsReadBack(const StageContext& context, const events::GenerationRecord& record)
{
    const auto file = context.weightsOf(record.generation);
    const auto hash = sha256OfFile(file);
    if (!hash || *hash != record.checkpointHash) return std::nullopt;
    auto model = engine::TunedModel::load(file);
    if (!model) return std::nullopt;
    return std::move(*model);
}

/// Stages 2 and 3 need a task with a sandboxed domain; their absence is said, not hidden.
void skipConformity(const StageContext& context, int generation, std::int64_t step)
{
    for (const events::StageKind kind : {events::StageKind::Discovery, events::StageKind::Alignment})
        context.sink.stage({.generation = generation,
                            .kind = kind,
                            .state = events::StageState::Skipped,
                            .step = step,
                            .inputHash = {},
                            .outputHash = {},
                            .note = kNoSandbox});
}

controller::Decision decide(const StageContext& context, const controller::GapController& controller, int generation,
                            int rung, std::int64_t step)
{
    const controller::Decision decision = controller.nextGap({.generation = generation,
                                                              .generations = context.spec.experiment.ladder.generations,
                                                              .rung = rung,
                                                              .rungNames = context.ladder.names(),
                                                              .capacities = context.ladder.capacities()});
    context.sink.stage({.generation = generation,
                        .kind = events::StageKind::Gap,
                        .state = events::StageState::Finished,
                        .step = step,
                        .inputHash = {},
                        .outputHash = {},
                        .note = decision.sentence});
    context.sink.event({.kind = "gap.decision",
                        .generation = generation,
                        .step = step,
                        .sentence = decision.sentence,
                        .detailsJson = decision.detailsJson});
    return decision;
}

} // namespace

std::vector<PlannedGeneration> planGenerations(const spec::Experiment& experiment,
                                               const std::vector<double>& capacities)
{
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
    for (const PlannedGeneration& planned : planGenerations(experiment, ladder.capacities())) {
        const int labels = labelsFor(experiment.training, planned.generation);
        const std::size_t items =
            labels > 0 ? static_cast<std::size_t>(labels) : task.pool(planned.generation, 0, 1).items.size();
        const double once =
            tuningWork(ladder.at(planned.rung), tuningSteps(experiment.training, items), experiment.training.batch);
        work += planned.generation == 1 ? once : 2 * once; // a student and its ceiling
    }
    return work;
}

Result<void> runProgressive(const StageContext& context, const std::vector<events::GenerationRecord>& finished)
{
    const spec::Experiment& experiment = context.spec.experiment;
    const bool conformity = experiment.experiment.procedure == "progressive";
    const auto controller = controller::makeController(experiment.gap);
    context.meter.setTotal(plannedWork(experiment, context.task, context.ladder));

    if (const auto line = reportBaseline(context); !line) return line.error();

    std::optional<engine::TunedModel> predecessor;
    std::optional<double> gap;
    int rung = experiment.ladder.start;
    int predecessorRung = rung;
    std::int64_t step = 0;
    for (int generation = 1; generation <= experiment.ladder.generations; ++generation) {
        context.meter.begin(
            generation,
            "generation " + std::to_string(generation) + " of " + std::to_string(experiment.ladder.generations), step);
        std::optional<engine::TunedModel> readBack;
        const events::GenerationRecord* done = finishedRecord(finished, generation);
        if (done != nullptr) readBack = weightsReadBack(context, *done);
        if (readBack) {
            predecessor = std::move(readBack);
            context.meter.skip(tuningWork(context.ladder.at(rung), *done->lastStep - step, experiment.training.batch) *
                               (generation == 1 ? 1 : 2));
            step = *done->lastStep;
        } else {
            auto outcome = runCompetence(context, {.generation = generation,
                                                   .rung = rung,
                                                   .teacher = predecessor ? &*predecessor : nullptr,
                                                   .teacherRung = predecessorRung,
                                                   .gap = gap,
                                                   .firstStep = step});
            if (!outcome) return outcome.error();
            predecessor = std::move(outcome->model);
            step = *outcome->record.lastStep;
        }
        if (conformity) skipConformity(context, generation, step);
        if (generation == experiment.ladder.generations) break;
        const controller::Decision decision = decide(context, *controller, generation, rung, step);
        predecessorRung = rung;
        if (!decision.rung) break; // the end of the ladder, said in the decision
        rung = *decision.rung;
        gap = decision.taken;
    }
    context.meter.finish(step);
    return {};
}

} // namespace gradus::pipeline
