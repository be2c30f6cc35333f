// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/task.h"

#include "data/file_task.h"
#include "data/raw_data.h"
#include "data/world_items.h"
#include "data/worlds.h"

namespace gradus::data {

namespace {

Result<std::unique_ptr<Task>> builtInTask(const World& world, const spec::Experiment& experiment)
{
    if (const auto fits = boundedByWorld("task.test_items", experiment.task.testItems); !fits) return fits.error();
    return world.open(experiment.task.testItems);
}

Result<std::unique_ptr<Task>> opened(const spec::Experiment& experiment)
{
    if (const World* world = findWorld(experiment.task.name)) return builtInTask(*world, experiment);
    const Result<Template> form = templateOf(experiment.task.name);
    if (!form) return form.error();
    const Result<RawData> data = readRawData(*form, experiment);
    if (!data) return data.error();
    return fileTask(*form, *data, experiment);
}

} // namespace

Result<std::unique_ptr<Task>> openTask(const spec::Experiment& experiment)
{
    auto task = opened(experiment);
    if (!task) return task.error();
    if (const auto enough = (*task)->admits(experiment); !enough) return enough.error();
    return task;
}

} // namespace gradus::data
