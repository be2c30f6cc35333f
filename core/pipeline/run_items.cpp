// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/run_items.h"

#include "base/hash.h"
#include "pipeline/stage_context.h"

namespace gradus::pipeline {

namespace {

std::uint64_t seedOf(std::int64_t seed, const char* purpose)
{
    return splitHash(purpose, static_cast<std::uint64_t>(seed));
}

} // namespace

int labelsFor(const spec::Training& training, int generation)
{
    return generation == 1 && training.teacherLabels > 0 ? training.teacherLabels : training.labels;
}

data::ItemSet poolOf(const data::Task& task, const spec::Experiment& experiment, std::int64_t seed, int generation)
{
    return task.pool(generation, labelsFor(experiment.training, generation), seedOf(seed, "pool"));
}

data::ItemSet poolOf(const StageContext& context, int generation)
{
    return poolOf(context.task, context.spec.experiment, context.spec.seed, generation);
}

data::ItemSet anchorsOf(const data::Task& task, const spec::Experiment& experiment, std::int64_t seed)
{
    return task.anchors(experiment.signals.anchors, seedOf(seed, "anchors"));
}

data::ItemSet anchorsOf(const StageContext& context)
{
    return anchorsOf(context.task, context.spec.experiment, context.spec.seed);
}

} // namespace gradus::pipeline
