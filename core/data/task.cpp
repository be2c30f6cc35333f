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
    const std::pair<const char*, int> bounded[] = {{"task.test_items", experiment.task.testItems},
                                                   {"training.labels", experiment.training.labels}};
    for (const auto& [key, count] : bounded)
        if (count > kMostWorldItems) {
            Error error = badInput(std::string(key) + " is " + std::to_string(count) +
                                   ": the built-in world gives at most 100,000 items.");
            error.key = key;
            return error;
        }
    return world.open(experiment.task.testItems);
}

} // namespace

Result<std::unique_ptr<Task>> openTask(const spec::Experiment& experiment)
{
    if (const World* world = findWorld(experiment.task.name)) return builtInTask(*world, experiment);
    const Result<Template> form = templateOf(experiment.task.name);
    if (!form) return form.error();
    const Result<RawData> data = readRawData(*form, experiment);
    if (!data) return data.error();
    return fileTask(*form, *data, experiment);
}

} // namespace gradus::data
