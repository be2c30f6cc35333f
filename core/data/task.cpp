// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/task.h"

#include "data/file_task.h"
#include "data/raw_data.h"
#include "data/registers.h"

namespace gradus::data {

Result<std::unique_ptr<Task>> openTask(const spec::Experiment& experiment)
{
    if (experiment.task.name == "builtin:registers/code") return registersTask(experiment.task.testItems);
    const Result<Template> form = templateOf(experiment.task.name);
    if (!form) return form.error();
    const Result<RawData> data = readRawData(*form, experiment);
    if (!data) return data.error();
    return fileTask(*form, *data, experiment);
}

} // namespace gradus::data
